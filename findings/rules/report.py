"""What a rectification report must hold before its head may sign it. Source: DOMAIN §2.2 item 5."""

from __future__ import annotations

from collections.abc import Mapping

PARTS: dict[str, str] = {
    "problem_summary": "问题概述",
    "investigation": "调查核实情况",
    "cause_analysis": "原因分析",
    "measures": "已采取措施",
    "persons_handled": "责任人处理",
    "rules_built": "建章立制",
    "self_extension": "举一反三排查",
    "unfinished": "未完成事项及时限",
}


def missing_parts(*, texts: Mapping[str, str], causes: int, files: int) -> list[str]:
    """Names of the parts still to be written, in the order of the report."""
    missing = [name for field, name in PARTS.items() if not texts.get(field, "").strip()]
    if not causes:
        missing.append("原因分类（至少选一项）")
    if not files:
        missing.append("佐证材料（至少一件）")
    return missing


def objection_to_signing(*, missing: list[str]) -> str:
    """Against signing and handing in, naming what is missing."""
    if missing:
        return f"整改报告还缺：{'、'.join(missing)}。请补齐后再签字提交；没有的内容请写“无”。"
    return ""
