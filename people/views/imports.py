"""Imports in two steps: hand in and look, then go ahead."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from conduct import clock, imports, sheets
from conduct.calendar import book, drafts
from conduct.errors import Refused
from conduct.imports import HandedIn, Preview
from conduct.tables import Column
from people.actions import calendar as calendar_acts
from people.actions import unit_import
from people.asking import SignedInRequest
from people.queries import calendar as calendar_queries

Look = Callable[[HandedIn], Preview]
Act = Callable[[HandedIn], str]
More = Callable[[HandedIn], dict[str, Any]]


def units(request: SignedInRequest) -> HttpResponse:
    """Units from a file."""

    def look(file: HandedIn) -> Preview:
        plan = unit_import.plan(lines=unit_import.read(name=file.name, content=file.content))
        return imports.preview(
            columns=_titles(unit_import.COLUMNS),
            rows=[(item.row, item.cells, item.mark) for item in plan.wanted],
            faults=plan.faults,
            summary=plan.summary,
            token=file.token,
        )

    def act(file: HandedIn) -> str:
        plan = unit_import.plan(lines=unit_import.read(name=file.name, content=file.content))
        changed = unit_import.carry_out(plan=plan, by=request.user, at=clock.now(), file_sha256=file.sha256)
        return f"已导入：新增或修改了 {changed} 个单位。" if changed else "文件与系统一致，没有改动。"

    return _two_steps(request, "people/unit_import.html", look, act, back="people:units")


def calendar(request: SignedInRequest) -> HttpResponse:
    """Days off from a file."""

    def look(file: HandedIn) -> Preview:
        years, faults = book.read(name=file.name, content=file.content)
        return imports.preview(
            columns=["年份", "起始日", "终止日", "类型", "名称"],
            rows=_rows_of(years),
            faults=faults,
            summary="；".join(f"{draft.year} 年特殊日期 {len(draft.days)} 天" for draft in years)
            or "没有读到年份。",
            token=file.token,
        )

    def act(file: HandedIn) -> str:
        years, faults = book.read(name=file.name, content=file.content)
        if faults:
            raise Refused(f"文件有 {len(faults)} 处要改，没有导入。{faults[0]}")
        change = calendar_acts.save_all(years=years, by=request.user, at=clock.now())
        if change is None:
            return "文件与系统一致，没有改动。"
        told = f"已导入 {'、'.join(sorted(change.after))} 年的放假安排。"
        return f"{told}期限正在后台重新计算，结果见“最近的调整”。"

    def foreseen(file: HandedIn) -> dict[str, Any]:
        years, faults = book.read(name=file.name, content=file.content)
        return {} if faults else {"shifts": calendar_queries.foreseen(years=years, by=request.user)}

    return _two_steps(
        request, "people/calendar_import.html", look, act, back="people:calendar", more=foreseen
    )


def _rows_of(years: list[drafts.YearDraft]) -> list[tuple[int, list[str], str]]:
    """The spans of a calendar file, line by line."""
    return [
        (
            span.row,
            [
                str(draft.year),
                span.start.isoformat(),
                span.end.isoformat(),
                drafts.KIND_NAMES[span.kind],
                span.name,
            ],
            "",
        )
        for draft in years
        for span in drafts.spans_of(draft.days)
    ]


def unit_template(request: SignedInRequest) -> HttpResponse:
    """An empty units file with two rows as an example."""
    titles = _titles(unit_import.COLUMNS)
    return sheets.hand_out(
        sheets.workbook(title="单位", headings=titles, rows=unit_import.EXAMPLES),
        filename="单位导入模板.xlsx",
    )


def calendar_template(request: SignedInRequest) -> HttpResponse:
    """A calendar file with two rows as an example."""
    titles = _titles(drafts.COLUMNS)
    return sheets.hand_out(
        sheets.workbook(title="放假安排", headings=titles, rows=drafts.EXAMPLES),
        filename="放假安排导入模板.xlsx",
    )


def _two_steps(
    request: SignedInRequest, template: str, look: Look, act: Act, *, back: str, more: More = lambda _: {}
) -> HttpResponse:
    context: dict[str, Any] = {}
    if request.method == "POST":
        try:
            if "token" in request.POST:
                done = act(imports.recall(token=request.POST["token"], by=request.user))
                messages.success(request, done)
                return redirect(back)
            file = _handed_in(request)
            context |= {"preview": look(file), **more(file)}
        except Refused as refusal:
            context["upload_errors"] = [str(refusal)]
    wrong = context.get("upload_errors") or (context.get("preview") and not context["preview"].is_ready)
    return render(request, template, context, status=422 if wrong else 200)


def _handed_in(request: SignedInRequest) -> HandedIn:
    upload = request.FILES.get("file")
    if upload is None:
        raise Refused("没有选择文件。请先选择要导入的文件。")
    return imports.take(upload=upload, by=request.user)


def _titles(columns: tuple[Column, ...]) -> list[str]:
    return [column.title for column in columns]
