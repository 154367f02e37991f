"""Drawing the record sheet: a form over as many pages as the visit needs."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time

from conduct.pdfkit import official
from conduct.pdfkit.fontset import FontSet
from conduct.pdfkit.grid import LEFT, LINE, SIZE_2, SIZE_SMALL_4, WIDTH
from conduct.pdfkit.pages import Document
from conduct.pdfkit.paint import paint
from conduct.pdfkit.sheet import Sheet, Shot
from conduct.pdfkit.tables import Cell, Row, table
from conduct.pdfkit.text import chinese_date, chinese_moment, day_of, recorded
from inspections.papers import ObservationEntry, PhotoEntry, RecordSheet, SignOff

TITLE = "现场记录表"
LABEL_SHARE = 4.0
VALUE_SHARE = 10.0


def render(paper: RecordSheet, *, fonts: FontSet, images: Mapping[str, bytes] | None = None) -> bytes:
    """The record sheet as PDF; images are derivative photographs by their SHA-256."""
    return paint(lay_out(paper, fonts=fonts, images=images), images=images)


def lay_out(paper: RecordSheet, *, fonts: FontSet, images: Mapping[str, bytes] | None = None) -> Document:
    """The pages of the record sheet."""
    sheet = Sheet(fonts=fonts, images=images)
    _head(sheet, paper)
    table(sheet, [*_visit_rows(paper), *_people_rows(paper)])
    if paper.checks:
        _checks(sheet, paper)
    for index, observation in enumerate(paper.observations, start=1):
        _observation(sheet, observation, index)
    _result(sheet, paper)
    if paper.photos:
        _photos(sheet, paper)
    if paper.evidence:
        _evidence(sheet, paper)
    table(sheet, _signing_rows(paper))
    if paper.corrections:
        _corrections(sheet, paper)
    official.number_pages(sheet)
    official.chain_head(sheet, paper.chain)
    watermark = "" if paper.locked_at else "草稿"
    title = f"{TITLE}（{paper.unit}）"
    dated = day_of(paper.locked_at) if paper.locked_at else None
    return sheet.finish(title=title, issuer=paper.issuer, subject=TITLE, watermark=watermark, dated=dated)


def _head(sheet: Sheet, paper: RecordSheet) -> None:
    sheet.centred(TITLE, role="title", size=SIZE_2, middle=LINE / 2)
    middle = LINE * 1.6
    number = paper.number or (recorded(None) if paper.locked_at else "归档时编号")
    sheet.put(f"编号：{number}", role="fang", size=SIZE_SMALL_4, x=LEFT, middle=middle)
    issuer = paper.issuer
    width = sheet.fonts.role("fang").text_width(issuer, SIZE_SMALL_4)
    sheet.put(issuer, role="fang", size=SIZE_SMALL_4, x=LEFT + WIDTH - width, middle=middle)
    sheet.y = LINE * 2


def _visit_rows(paper: RecordSheet) -> list[Row]:
    return [
        _row("检查批次", paper.campaign),
        _pair("检查方式", paper.method, "检查级别", paper.level),
        _pair("检查日期", _day(paper.visited_on), "到离时间", _stay(paper.arrived, paper.left)),
        _pair("被查单位", paper.unit, "科室窗口", paper.office),
        _row("检查地点", paper.place),
    ]


def _people_rows(paper: RecordSheet) -> list[Row]:
    inspectors = "\n".join(f"{one.name}（证件号：{recorded(one.credential)}）" for one in paper.inspectors)
    rows = [
        _row("检查人员", inspectors),
        _pair("记录人", paper.recorder, "在场人员", paper.accompanying),
    ]
    count = paper.headcount
    if count is None:
        return [*rows, _row("在岗情况", None)]
    labels = ("应到", "实到", "请假", "公出", "缺岗")
    values = (count.expected, count.present, count.on_leave, count.on_business, count.absent)
    cells = [Cell("在岗情况", "hei", "centre")]
    shares = [LABEL_SHARE]
    for label, value in zip(labels, values, strict=True):
        cells.append(Cell(f"{label}：{recorded(value)}", align="centre"))
        shares.append((LABEL_SHARE + 2 * VALUE_SHARE) / len(labels))
    rows.append(Row(tuple(cells), tuple(shares)))
    if count.absentees:
        rows.append(_row("缺岗说明", count.absentees))
    return rows


def _checks(sheet: Sheet, paper: RecordSheet) -> None:
    head = _titles(("序号", "抽查事项", "抽查结果"), (3, 13, 13))
    rows = [
        Row((Cell(str(index), align="centre"), Cell(check.item), Cell(recorded(check.result))), (3, 13, 13))
        for index, check in enumerate(paper.checks, start=1)
    ]
    table(sheet, rows, head=[head])


def _observation(sheet: Sheet, observation: ObservationEntry, index: int) -> None:
    number = observation.number or index
    kind = "好的做法" if observation.is_good else "发现问题"
    indicator = " ".join(part for part in (observation.indicator_code, observation.indicator_name) if part)
    rows = [
        Row((Cell(f"{kind}（{number}）", "hei", "centre"),), (1,)),
        _row("问题指标", indicator),
        _pair("发生时间", observation.seen_at, "发生地点", observation.place),
        _row("当事岗位", observation.who),
        _long("情况描述" if observation.is_good else "问题描述", observation.facts),
        _row("所涉规定", observation.rule),
        _row("当场处置", observation.handling),
        _long("单位说明", observation.unit_said),
    ]
    table(sheet, rows)
    photos = enumerate(observation.photos, start=1)
    sheet.photos([Shot(photo.sha256, _caption(f"照片{number}-{at}", photo)) for at, photo in photos])


def _result(sheet: Sheet, paper: RecordSheet) -> None:
    table(sheet, [_row("检查结果", _outcome(paper)), _long("单位意见", paper.unit_statement)])


def _outcome(paper: RecordSheet) -> str | None:
    good = sum(one.is_good for one in paper.observations)
    problems = len(paper.observations) - good
    parts = [f"发现问题{problems}个"] if problems else []
    if paper.is_without_problem:
        parts = ["本次检查未发现问题"]
    if good:
        parts.append(f"好的做法{good}项")
    if not parts:
        return None
    return "，".join(parts) + ("，详见上列记录。" if paper.observations else "。")


def _photos(sheet: Sheet, paper: RecordSheet) -> None:
    """Photos of the visit as a whole."""
    table(sheet, [Row((Cell("现场照片", "hei", "centre"),), (1,))])
    sheet.photos(
        [Shot(photo.sha256, _caption(f"照片{at}", photo)) for at, photo in enumerate(paper.photos, start=1)]
    )


def _caption(name: str, photo: PhotoEntry) -> str:
    return f"{name}　{photo.caption}" if photo.caption else name


def _evidence(sheet: Sheet, paper: RecordSheet) -> None:
    # The check value is the widest, so that its 64 characters take two lines.
    shares = (2.4, 2.9, 5.3, 5.7, 14.2)
    head = _titles(("序号", "种类", "名称", "取得人、时间", "校验值"), shares)
    rows = []
    for index, item in enumerate(paper.evidence, start=1):
        taken = "\n".join(part for part in (item.taken_by, _moment(item.taken_at)) if part)
        texts = (item.kind, item.name, recorded(taken), recorded(item.sha256))
        cells = (Cell(str(index), align="centre"), *(Cell(text) for text in texts))
        rows.append(Row(cells, shares))
    table(sheet, rows, head=[head])


def _signing_rows(paper: RecordSheet) -> list[Row]:
    unit = paper.unit_signature
    if not unit and paper.refusal:
        unit = f"拒绝签字，情况说明：{paper.refusal}"
    signed = "\n".join(_signed(one) for one in paper.sign_offs)
    review = _signed(paper.leader_review) if paper.leader_review else None
    locked = None
    if paper.locked_at:
        locked = " ".join(part for part in (paper.locked_by, chinese_moment(paper.locked_at)) if part)
    return [
        _row("单位签字", unit, tall=2),
        _row("检查人员签字", signed, tall=2),
        _row("组长复核", review, tall=2),
        _row("归档锁定", locked or "尚未锁定"),
    ]


def _corrections(sheet: Sheet, paper: RecordSheet) -> None:
    shares = (3, 14, 4, 9)
    head = _titles(("序号", "更正说明", "更正人", "时间"), shares)
    rows = []
    for index, note in enumerate(paper.corrections, start=1):
        cells = (
            Cell(str(index), align="centre"),
            Cell(note.text),
            Cell(note.by, align="centre"),
            Cell(recorded(_moment(note.at)), align="centre"),
        )
        rows.append(Row(cells, shares))
    table(sheet, rows, head=[head])


def _signed(one: SignOff) -> str:
    role = f"（{one.role}）" if one.role else ""
    opinion = f"　意见：{one.opinion}" if one.opinion else ""
    return f"{one.name}{role}　{recorded(_moment(one.at))}{opinion}"


def _row(label: str, value: str | None, *, tall: int = 1) -> Row:
    cells = (Cell(label, "hei", "centre"), Cell(recorded(value)))
    return Row(cells, (LABEL_SHARE, LABEL_SHARE + 2 * VALUE_SHARE), tall)


def _long(label: str, value: str | None) -> Row:
    """A row for a narrative: its paragraphs are indented."""
    indent = 2.0 if value else 0.0
    cells = (Cell(label, "hei", "centre"), Cell(recorded(value), indent=indent))
    return Row(cells, (LABEL_SHARE, LABEL_SHARE + 2 * VALUE_SHARE))


def _pair(first: str, first_value: str | None, second: str, second_value: str | None) -> Row:
    cells = (
        Cell(first, "hei", "centre"),
        Cell(recorded(first_value)),
        Cell(second, "hei", "centre"),
        Cell(recorded(second_value)),
    )
    return Row(cells, (LABEL_SHARE, VALUE_SHARE, LABEL_SHARE, VALUE_SHARE))


def _titles(texts: Sequence[str], shares: tuple[float, ...]) -> Row:
    return Row(tuple(Cell(text, "hei", "centre") for text in texts), shares)


def _day(day: date | None) -> str | None:
    return chinese_date(day) if day else None


def _moment(moment: datetime | None) -> str | None:
    return chinese_moment(moment) if moment else None


def _stay(arrived: time | None, left: time | None) -> str | None:
    if arrived is None and left is None:
        return None
    start = f"{arrived:%H:%M}" if arrived else recorded(None)
    # Nobody leaves before arriving: an earlier hour is one of the next day.
    is_past_midnight = bool(arrived and left and left < arrived)
    end = f"{'次日' if is_past_midnight else ''}{left:%H:%M}" if left else recorded(None)
    return f"{start} 至 {end}"
