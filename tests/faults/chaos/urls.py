from __future__ import annotations

from django.urls import path

from conduct.urls import handler403, handler500
from conduct.urls import urlpatterns as house

from . import views

__all__ = ["handler403", "handler500", "urlpatterns"]

urlpatterns = [
    path("chaos/file/", views.file, name="chaos_file"),
    path("chaos/naive/", views.naive, name="chaos_naive"),
    *house,
]
