"""The working calendar."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from conduct import clock, following
from conduct.calendar import changes, drafts
from conduct.calendar.drafts import YearDraft
from conduct.shapes import Crumb
from people.actions import calendar as acts
from people.asking import SignedInRequest
from people.forms.calendar import YearForm, draft_from, mark_of, spans_for
from people.queries import calendar

from .answers import page, tried


def listing(request: SignedInRequest) -> HttpResponse:
    """Every year with its days off and make-up days, the newest first."""
    today = clock.day_of(clock.now())
    years = calendar.years()
    context = {
        "years": years,
        "changes": calendar.latest_changes(),
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
    crumbs = [Crumb("工作日历", reverse("people:calendar")), Crumb(f"{year} 年")]
    context = {"rows": rows, "year": year, "crumbs": crumbs, "is_new": version == 0}
    if request.method == "POST" and form.is_valid() and rows.is_valid():
        typed, problems = draft_from(year=year, form=form, rows=rows)
        for problem in problems:
            form.add_error(None, problem)
        if not problems and (done := _saved(request, form, typed, context)):
            return done
    answer = page(request, "people/calendar_year.html", form, context)
    if answer.status_code == 200 and rows.is_bound and not rows.is_valid():
        answer.status_code = 422
    return answer


def _saved(
    request: SignedInRequest, form: YearForm, typed: YearDraft, context: dict[str, Any]
) -> HttpResponse | None:
    """Save what was typed, once the person has seen which deadlines move; None when the page is to be shown again."""
    shifts = calendar.foreseen(years=[typed], by=request.user)
    if shifts.count and request.POST.get("seen") != mark_of(typed):
        context |= {"shifts": shifts, "seen": mark_of(typed)}
        return None
    expected = form.cleaned_data["version"]
    change = tried(
        form, lambda: acts.save_year(draft=typed, expected=expected, by=request.user, at=clock.now())
    )
    if form.errors:
        return None
    messages.success(request, f"已保存 {typed.year} 年的放假安排。")
    if change and shifts.count:
        return redirect("people:calendar_change", pk=change.pk)
    return redirect("people:calendar")


def change(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """One change of the calendar: which deadlines it moved, and its undoing."""
    row = calendar.change(pk)
    context = {
        "change": row,
        "jobs": calendar.runs(row),
        "is_over": calendar.is_followed(row),
        "moved": following.moved(by=request.user, change=row),
        "left": following.left(by=request.user, change=row),
        "undone_by": calendar.undone_by(row),
        "objection": changes.objection_to_undoing(row),
        "crumbs": [Crumb("工作日历", reverse("people:calendar")), Crumb(str(row))],
    }
    return render(request, "people/calendar_change.html", context)


def undo(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """Undo a change."""
    undone = acts.undo(change=calendar.change(pk), by=request.user, at=clock.now())
    messages.success(request, "已恢复原来的放假安排，期限正在后台恢复。")
    return redirect("people:calendar_change", pk=undone.pk)
