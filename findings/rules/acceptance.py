"""What a verdict on the result must rest on. Each rule answers with the objection, or with nothing."""

from __future__ import annotations

from datetime import date

MOST_PAIRS = 3


def objection_to_look(*, on_site: bool, seen_on: date | None, handed_in_on: date | None, today: date) -> str:
    """Against the day on which the accepter looked on the spot.

    on_site:      the way of putting right asks for it
    handed_in_on: the day of the report that is judged
    """
    if seen_on is None:
        return "这种整改方式须到现场验收。请到现场查看后，填写现场查看日期再提交。" if on_site else ""
    if seen_on > today:
        return "现场查看日期不能晚于今天，请改正后再提交。"
    if handed_in_on is not None and seen_on < handed_in_on:
        return "现场查看日期早于单位提交整改报告的日期。验收看的是提交后的结果，请核对日期。"
    return ""


def objection_to_pairs(*, on_site: bool, befores: int, pairs: int) -> str:
    """Against a verdict without photos side by side.

    befores: photos of the visits there are
    pairs:   pairs of this round, those of the other accepter among them
    """
    if on_site and befores and not pairs:
        return (
            "现场验收须附整改前后对比照片，至少一组：选一张检查时的照片，再选或上传一张同一地点现在的照片。"
        )
    return ""


def objection_to_left_over(*, is_partly: bool, left_over: str) -> str:
    """Against a verdict that does not fit what is said to be left."""
    if is_partly and not left_over.strip():
        return "部分通过须写明还有哪些没有改到位，单位将照此继续整改。请填写遗留事项。"
    if not is_partly and left_over.strip():
        return "您填写了遗留事项，说明还没有全部改到位。请改选“部分通过”，或删去遗留事项后再提交。"
    return ""
