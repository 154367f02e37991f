"""A unit's own ledger taken in: hand in and look, then go ahead."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from conduct import clock, imports, sheets
from conduct.errors import Refused
from conduct.imports import HandedIn
from conduct.shapes import Crumb
from findings.actions import ledger_lines as actions
from findings.queries import ledger_lines as query
from findings.queries import telling
from findings.rules.ledger_lines import HEADINGS
from people.asking import SignedInRequest

from .attempts import today

HEADS = [name for name in HEADINGS if name != "通知书"]
EXAMPLE = {
    "日期": "2024-05-16",
    "责任单位": "办公室",
    "问题": "上班时间窗口无人在岗",
    "分类": "D1-02",
    "问题来源": "自查",
    "责任领导": "分管副局长",
    "责任人": "窗口负责人",
    "整改措施": "实行 AB 岗",
    "整改期限": "2024-06-15",
    "完成情况": "已完成",
    "是否销号": "是",
    "销号日期": "2024-06-10",
    "延期次数": "0",
}


def ledger_import(request: SignedInRequest) -> HttpResponse:
    """Preview a unit's ledger line by line, then take all of it in as problems of the past."""
    context: dict[str, Any] = {
        "crumbs": [
            Crumb(telling.ledger_name(request.user), reverse("findings:list")),
            Crumb("历史补录", reverse("findings:history_import")),
            Crumb("导入单位台账"),
        ]
    }
    if request.method == "POST":
        try:
            if "token" in request.POST:
                return _take_in(request, imports.recall(token=request.POST["token"], by=request.user))
            file = _handed_in(request)
            found = query.plan(file=file, user=request.user, today=today())
            context["preview"] = query.preview(found, token=file.token)
        except Refused as refusal:
            context["upload_errors"] = [str(refusal)]
    is_wrong = context.get("upload_errors") or (context.get("preview") and not context["preview"].is_ready)
    return render(request, "findings/ledger_import.html", context, status=422 if is_wrong else 200)


def ledger_template(request: SignedInRequest) -> HttpResponse:
    """The empty ledger with one line that shows how to fill it in."""
    row = [EXAMPLE.get(name, "") for name in HEADS]
    return sheets.hand_out(
        sheets.workbook(title="单位台账", headings=HEADS, rows=[row]), filename="单位台账导入模板.xlsx"
    )


def _take_in(request: SignedInRequest, file: HandedIn) -> HttpResponse:
    found = query.plan(file=file, user=request.user, today=today())
    count = actions.take_in(
        plan=found, file_name=file.name, file_sha256=file.sha256, by=request.user, at=clock.now()
    )
    done = f"已导入 {count} 个问题，列为历史存档。" if count else "文件里的问题都已导入过，没有改动。"
    messages.success(request, done)
    return redirect(f"{reverse('findings:list')}?historical=1")


def _handed_in(request: SignedInRequest) -> HandedIn:
    upload = request.FILES.get("file")
    if upload is None:
        raise Refused("没有选择文件。请先选择要导入的文件。")
    return imports.take(upload=upload, by=request.user)
