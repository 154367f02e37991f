"""Cutting the title of an official paper into lines: whole words, no line longer than the page, balanced."""

import math
import re

from conduct.pdfkit.breaking import NO_END, NO_START
from conduct.pdfkit.text import one_line

# 2号 characters that stand side by side in 156 mm.
LONGEST_LINE = 20

_KEPT_WHOLE = (
    "明察暗访", "八项规定", "营商环境", "典型问题", "整改通知", "情况", "通报", "通知", "整改", "问题", "作风", "检查",
    "机关", "建设", "工作", "监督", "专项", "纪律", "全市", "落实", "精神", "关于", "服务", "窗口", "单位", "期间",
    "年度", "季度", "月份", "上半年", "下半年",
)  # fmt: skip
_SPAN_OF_DAYS = re.compile(r"(?:\d{4}年)?\d{1,2}月\d{1,2}日至(?:\d{4}年)?(?:\d{1,2}月)?\d{1,2}日")
_IMPOSSIBLE = 1000.0


def title_lines(title: str, *, longest: int = LONGEST_LINE) -> list[str]:
    """The lines of a title; line ends the author set are kept."""
    lines: list[str] = []
    for part in title.split("\n"):
        rest = one_line(part)
        while len(rest) > longest:
            count = math.ceil(len(rest) / longest)
            at = _best_break(rest, longest, count)
            lines.append(rest[:at].strip())
            rest = rest[at:].strip()
        if rest:
            lines.append(rest)
    return lines


def _best_break(text: str, longest: int, count: int) -> int:
    """Where the first of so many lines ends best."""
    aim = len(text) / count
    # What is left must still fit on the lines that are left.
    first = max(1, len(text) - longest * (count - 1))
    return min(range(first, longest + 1), key=lambda at: abs(at - aim) + _badness(text, at))


def _badness(text: str, at: int) -> float:
    """How badly a break at this place hurts the sense; 0 is a good place."""
    before, after = text[at - 1], text[at]
    if after in NO_START or before in NO_END or (before.isascii() and after.isascii()):
        return _IMPOSSIBLE
    badness = 1.5
    if before in "的、和及":
        badness = 0.0
    if after in "的、和及":
        badness += 8
    if (before.isdigit() and after in "年月日号至起") or (before in "年月至第" and after.isdigit()):
        badness += 9
    for word in _KEPT_WHOLE:
        start = text.find(word, max(0, at - len(word) + 1))
        if start != -1 and start < at < start + len(word):
            badness += 9
    if any(span.start() < at < span.end() for span in _SPAN_OF_DAYS.finditer(text)):
        badness += 9
    if text.rfind("关于", 0, at) == at - 2:
        badness += 9
    if text.count("《", 0, at) > text.count("》", 0, at):
        badness += 6
    return badness
