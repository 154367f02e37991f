"""The working calendar."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from conduct import clock
from conduct.calendar import drafts
from conduct.shapes import Crumb
from people.actions import calendar as acts
from people.asking import SignedInRequest
from people.forms.calendar import YearForm, draft_from, spans_for
from people.queries import calendar

from .answers import page, tried


def listing(request: SignedInRequest) -> HttpResponse:
    """Every year with its days off and make-up days, the newest first."""
    today = clock.day_of(clock.now())
    years = calendar.years()
    context = {
        "years": years,
        "notice": calendar.missing_notice(today=today),
        "next_year": calendar.next_year(years, today),
    }
    return render(request, "people/calendar.html", context)


def year(request: SignedInRequest, year: int) -> HttpResponse:
    """One year, to correct or to enter."""
    if not drafts.FIRST_YEAR <= year <= drafts.LAST_YEAR:
        raise Http404
    draft, version = calendar.one(year)
    data = request.POST or None
    form = YearForm(data, initial={"source": draft.source, "version": version})
    rows = spans_for(draft, data)
    if request.method == "POST" and form.is_valid() and rows.is_valid():
        typed, problems = draft_from(year=year, form=form, rows=rows)
        expected = form.cleaned_data["version"]
        for problem in problems:
            form.add_error(None, problem)
        saved = None
        if not problems:
            saved = tried(
                form, lambda: acts.save_year(draft=typed, expected=expected, by=request.user, at=clock.now())
            )
        if saved:
            messages.success(request, f"已保存 {year} 年的放假安排。")
            return redirect("people:calendar")
    crumbs = [Crumb("工作日历", reverse("people:calendar")), Crumb(f"{year} 年")]
    context = {"rows": rows, "year": year, "crumbs": crumbs, "is_new": version == 0}
    answer = page(request, "people/calendar_year.html", form, context)
    if answer.status_code == 200 and rows.is_bound and not rows.is_valid():
        answer.status_code = 422
    return answer
