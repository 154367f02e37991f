"""The roof: where each floor's pages hang."""

from __future__ import annotations

from django.urls import include, path

from people.views import session

handler403 = "people.views.errors.forbidden"
handler500 = "people.views.errors.failed"

urlpatterns = [
    path("login/", session.SignIn.as_view(), name="login"),
    path("login/code/", session.sign_in_code, name="sign_in_code"),
    path("logout/", session.SignOut.as_view(), name="logout"),
    path("password/", session.password_change, name="password_change"),
    path("password/done/", session.password_change_done, name="password_change_done"),
    path("", include("reports.urls")),
    path("", include("people.urls")),
    path("inspections/", include("inspections.urls")),
    path("findings/", include("findings.urls")),
    path("accountability/", include("accountability.urls")),
]
