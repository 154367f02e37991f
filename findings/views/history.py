from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from conduct import clock, sheets
from conduct.errors import Refused
from conduct.shapes import Cell, Column, Row, Table, Upload
from findings.actions import history
from findings.forms.history import HistoryForm
from findings.queries import history as reading
from findings.queries.history import Preview
from findings.rules.history import COLUMNS
from people.asking import SignedInRequest

UPLOAD = Upload(
    name="file",
    label="文件",
    accept=".json,.xlsx,.csv",
    limits="JSON、XLSX 或 CSV，最大 10 MB；一个文件是一个批次",
    multiple=False,
    camera=False,
    max_mb=10,
)
HEADINGS = (
    Column("行", "num"),
    Column("核对"),
    Column("日期", "date"),
    Column("单位"),
    Column("指标"),
    Column("事实"),
)
MOST_SHOWN = 200
EXAMPLE = (
    "2014-05-16",
    "15:07",
    "",
    "固定资产投资科",
    "办公室",
    "D1-03",
    "工作时间玩电脑游戏",
    "科长",
    1,
    1,
    "",
)


def history_import(request: SignedInRequest) -> HttpResponse:
    """Preview a file of the past row by row, then take all of it in."""
    offices = reading.offices(request.user)
    if request.method != "POST":
        return _page(request, HistoryForm(by=request.user, offices=offices))
    form = HistoryForm(request.POST, request.FILES, by=request.user, offices=offices)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        preview = _preview(form)
        if "take_in" not in request.POST or not preview.is_clean:
            return _page(request, form, preview, status=200 if preview.is_clean else 422)
        office = form.cleaned_data["office"]
        campaign = history.import_visits(
            preview=preview, import_key=form.handed_in.sha256, office=office, by=request.user, at=clock.now()
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, form, status=422)
    messages.success(
        request, f"已补录“{campaign.title}”：{preview.problems} 起问题，涉及 {preview.persons} 人。"
    )
    return redirect("findings:history_import")


def history_template(request: SignedInRequest) -> HttpResponse:
    """The empty table with one line that shows how to fill it in."""
    content = sheets.workbook(title="历史补录", headings=COLUMNS, rows=[EXAMPLE])
    return sheets.hand_out(content, filename="历史补录模板.xlsx")


def _preview(form: HistoryForm) -> Preview:
    history.refuse_again(form.handed_in.sha256)
    values = form.cleaned_data
    source, troubles = reading.read(
        name=form.handed_in.name,
        content=form.handed_in.content,
        title=values["title"],
        method=values["method"],
        today=clock.day_of(clock.now()),
    )
    return reading.preview(source=source, troubles=troubles, office=values["office"])


def _page(
    request: SignedInRequest, form: HistoryForm, preview: Preview | None = None, *, status: int = 200
) -> HttpResponse:
    context = {"form": form, "upload": UPLOAD, "preview": preview}
    if preview is not None:
        context |= {"table": _table(preview), "shown": min(len(preview.entries), MOST_SHOWN)}
        context["token"] = form.handed_in.token if preview.is_clean else ""
    return render(request, "findings/history_import.html", context, status=status)


def _table(preview: Preview) -> Table:
    rows = []
    for entry in preview.entries[:MOST_SHOWN]:
        line = entry.line
        cells: list[object] = [line.row, "；".join(entry.troubles) or "可补录", line.day]
        cells += [entry.unit or line.unit, entry.category or line.indicator, line.facts]
        rows.append(Row([Cell(text) for text in cells]))
    return Table(HEADINGS, rows, "逐行核对")
