from __future__ import annotations

from contextlib import suppress
from datetime import date

from django.http import HttpResponse
from django.shortcuts import render

from conduct import clock
from people.asking import SignedInRequest
from reports.queries import deadlines as query


def deadlines(request: SignedInRequest) -> HttpResponse:
    """A month of deadlines; what is typed into the address wrongly is taken as this month."""
    today = clock.day_of(clock.now())
    only = _day(request.GET.get("day", ""))
    first = (only or _day(request.GET.get("month", "") + "-01") or today).replace(day=1)
    scope = request.GET.get("scope", query.MINE)
    month = query.month(user=request.user, first=first, scope=scope, today=today, only=only)
    listed = next((day for week in month.weeks for day in week if day.day == only), None)
    return render(request, "reports/deadlines.html", {"month": month, "listed": listed})


def _day(text: str) -> date | None:
    """A day of the years the office knows."""
    with suppress(ValueError):
        day = date.fromisoformat(text)
        return day if 1900 <= day.year < 2999 and len(text) == 10 else None
    return None
