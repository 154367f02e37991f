"""Who may not be whom (DESIGN §2.15). Each rule answers with the objection, or with nothing."""

from __future__ import annotations

from collections.abc import Collection

ACCEPTERS_NEEDED = 2


def objection_to_reviewer(*, person_id: int, finder_ids: Collection[int], is_of_unit: bool) -> str:
    """Against this person reviewing the unit's report."""
    if person_id in finder_ids:
        return "您参加了这次检查或列出了这个问题，不能审核它的整改报告。请由督查办其他经办审核。"
    if is_of_unit:
        return "您是责任单位的人员，不能审核本单位的整改报告。请由督查办其他经办审核。"
    return ""


def objection_to_accepter(
    *,
    person_id: int,
    finder_ids: Collection[int],
    answers_to_finder: bool,
    is_of_unit: bool,
    has_judged: bool,
) -> str:
    """Against this person accepting, or refusing to accept, what the unit has put right.

    answers_to_finder: a subordinate, at any depth, of someone who found the problem
    has_judged:        has given a verdict on this round already
    """
    if person_id in finder_ids:
        return "您参加了这次检查或列出了这个问题，不能验收。请由其他两位同志验收。"
    if answers_to_finder:
        return "您的上级参加了这次检查或列出了这个问题，您不能验收。请由其他同志验收。"
    if is_of_unit:
        return "您是责任单位的人员，不能验收本单位的整改结果。请由其他同志验收。"
    if has_judged:
        return "您已对这次整改给出验收意见。验收须由两位不同的同志分别作出，请等待另一位同志验收。"
    return ""


def objection_to_closing(*, accepted: int) -> str:
    """Against closing. accepted: different people who accepted the present round."""
    if accepted < ACCEPTERS_NEEDED:
        return f"销号须有两位同志同意验收，现有 {accepted} 位。请等待验收完成后再销号。"
    return ""


def objection_to_drafter(*, is_head: bool, liaison_id: int | None, person_id: int) -> str:
    """Against this person of the unit writing the report: the head may, and the liaison named for the finding."""
    if is_head or liaison_id == person_id:
        return ""
    if liaison_id is None:
        return "本问题还没有指定联络员。请单位主要负责人指定您为联络员，或由负责人起草。"
    return "本问题的联络员是另一位同志，您不能起草这份整改报告。如需更换，请单位主要负责人重新指定。"
