"""Turn a refusal that no view caught into a page that says what is wrong."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.deprecation import MiddlewareMixin

from .errors import Forbidden, MovedMeanwhile, Refused


class RefusalMiddleware(MiddlewareMixin):
    """409 for a refusal, 413 for too much at once; never a 500 for a person's mistake."""

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Forbidden):
            return None  # Django answers PermissionDenied with 403.html
        if isinstance(exception, Refused):
            is_overtaken = isinstance(exception, MovedMeanwhile)
            facts = {"message": str(exception), "is_overtaken": is_overtaken}
            return render(request, "409.html", facts, status=409)
        if isinstance(exception, RequestDataTooBig | TooManyFilesSent):
            return render(request, "413.html", status=413)
        return None
