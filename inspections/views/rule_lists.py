"""Taking in the text of the rule lists: preview, then all of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from conduct import clock, imports, sheets
from conduct.errors import Refused
from conduct.imports import HandedIn, Preview
from inspections.actions import rule_lists as actions
from inspections.queries import rule_files, standards
from people.asking import SignedInRequest

COLUMNS = ("规定清单", "条号", "原文", "出处")


def rules_import(request: SignedInRequest) -> HttpResponse:
    """Preview a file row by row, then take all of it in."""
    context: dict[str, Any] = {}
    if request.method == "POST":
        try:
            if "token" in request.POST:
                file = imports.recall(token=request.POST["token"], by=request.user)
                messages.success(request, _take_in(request, file))
                return redirect("inspections:standards")
            context["preview"] = _preview(_handed_in(request))
        except Refused as refusal:
            context["upload_errors"] = [str(refusal)]
    wrong = "upload_errors" in context or ("preview" in context and not context["preview"].is_ready)
    return render(request, "inspections/rules_import.html", context, status=422 if wrong else 200)


def rules_template(request: SignedInRequest) -> HttpResponse:
    """The empty table with a line for each list."""
    rows = [(line.code, 1, f"在此录入{line.name}第1条原文", "") for line in standards.rule_lists()]
    content = sheets.workbook(title="规定原文", headings=rule_files.HEADINGS, rows=rows)
    return sheets.hand_out(content, filename="规定原文模板.xlsx")


def _handed_in(request: SignedInRequest) -> HandedIn:
    upload = request.FILES.get("file")
    if upload is None:
        raise Refused("没有选择文件。请先选择要导入的文件。")
    return imports.take(upload=upload, by=request.user)


def _preview(file: HandedIn) -> Preview:
    found = rule_files.read(name=file.name, content=file.content)
    return imports.preview(
        columns=COLUMNS,
        rows=[
            (item.row, [found.names.get(item.code, item.code), item.number, item.text, item.source], "录入")
            for item in found.articles
        ],
        faults=found.faults,
        summary=f"共{len(found.articles)}条。",
        token=file.token,
    )


def _take_in(request: SignedInRequest, file: HandedIn) -> str:
    found = rule_files.read(name=file.name, content=file.content)
    taken = actions.take_in(file=found, by=request.user, at=clock.now())
    return f"已录入{len(found.articles)}条：" + "、".join(f"{row.name}（第{row.version}版）" for row in taken)
