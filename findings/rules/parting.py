"""Who may not be whom (DESIGN §2.15): the parts a person can have in a finding, and what each keeps them from.

The table of moves says of each step which parts are apart from it. Each rule answers with the objection, or with
nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

ACCEPTERS_NEEDED = 2


class Part(StrEnum):
    """What a person has to do with a finding already.

    FINDER:       was on a visiting team behind it, recorded or signed there, or raised it
    UNDER_FINDER: a subordinate, at any depth, of a finder
    OF_UNIT:      serves in the unit that answers for it
    HAS_JUDGED:   has given a verdict on the present round
    HAS_ACCEPTED: accepted what the second look is about
    HAS_CLOSED:   closed it
    """

    FINDER = "finder"
    UNDER_FINDER = "under_finder"
    OF_UNIT = "of_unit"
    HAS_JUDGED = "has_judged"
    HAS_ACCEPTED = "has_accepted"
    HAS_CLOSED = "has_closed"


Apart = tuple[tuple[str, str], ...]
FROM_REVIEW: Apart = (
    (Part.FINDER, "您参加了这次检查或列出了这个问题，不能审核它的整改报告。请由督查办其他经办审核。"),
    (Part.OF_UNIT, "您是责任单位的人员，不能审核本单位的整改报告。请由督查办其他经办审核。"),
)
FROM_ACCEPTANCE: Apart = (
    (Part.FINDER, "您参加了这次检查或列出了这个问题，不能验收。请由其他两位同志验收。"),
    (Part.UNDER_FINDER, "您的上级参加了这次检查或列出了这个问题，您不能验收。请由其他同志验收。"),
    (Part.OF_UNIT, "您是责任单位的人员，不能验收本单位的整改结果。请由其他同志验收。"),
    (
        Part.HAS_JUDGED,
        "您已对这次整改给出验收意见。验收须由两位不同的同志分别作出，请等待另一位同志验收。",
    ),
)
# An accepter may close: both verdicts stand beside each other by then.
FROM_CLOSING: Apart = (
    (Part.FINDER, "您参加了这次检查或列出了这个问题，不能销号。请由验收人或督查办其他同志销号。"),
    (Part.OF_UNIT, "您是责任单位的人员，不能为本单位的问题销号。请由督查办其他同志销号。"),
)
# Nobody says of what they let pass whether it has lasted.
FROM_SECOND_LOOK: Apart = (
    (Part.HAS_ACCEPTED, "您参加过这个问题的验收，不能认定回头看结果。请由没有参加验收的同志认定。"),
    (Part.HAS_CLOSED, "这个问题由您销号，回头看结果不能由您认定。请由其他同志认定。"),
    (Part.OF_UNIT, "您是责任单位的人员，不能认定回头看结果。请由督查办其他同志认定。"),
)


def objection(*, apart: Apart, parts: Collection[str]) -> str:
    """Against a person who has these parts taking a step that is apart from some of them."""
    return next((words for part, words in apart if part in parts), "")


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
