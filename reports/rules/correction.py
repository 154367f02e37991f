"""The words of a correction as the house would put them; people may change them before it is signed."""

from __future__ import annotations

# House choice, ADR 0044.
WORKING_DAYS = 5
REASON = "经办理单位异议并重新核实，原认定有误。"
REASON_IN_PART = "经办理单位异议并重新核实，原认定的部分内容有误。"


def of_notice(*, title: str, facts: str) -> str:
    """What becomes of a notice. facts: what is left standing; empty where nothing is"""
    if facts:
        return f"“{title}”问题中，不成立的内容予以撤销，经核实仍然成立的更正为：{facts}"
    return f"撤销对“{title}”问题的认定，你单位不再就该问题整改和报告。"


def of_case(*, title: str, unit: str, facts: str) -> str:
    """What becomes of a case that was printed. facts: what is left standing; empty where nothing is"""
    if facts:
        return f"刊载的“{title}”（{unit}）中，不成立的内容予以撤销，经核实仍然成立的更正为：{facts}"
    return f"撤销刊载的“{title}”（{unit}），该问题不再计入发现问题，有关数据相应核减。"


def of_numbers(*, unit: str, count: int) -> str:
    """What becomes of a bulletin that only counted it."""
    return f"统计数据中，{unit}的发现问题核减{count}个，合计和有关数据相应核减。"


def clearing(*, unit: str, is_whole: bool) -> str:
    """The name of the unit and its people is cleared where it was printed."""
    if is_whole:
        return f"经核实，{unit}及有关人员不存在上述问题，特此澄清，消除影响。"
    return f"经核实，除上述仍然成立的部分外，{unit}及有关人员不存在原通报所述的其他问题，特此澄清。"
