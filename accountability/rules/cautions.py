"""What must be looked at twice before a decision is recorded. Plain Python.

None of it forbids anything: the competent body decides. Whoever records it all the same says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from conduct.dates import plain_date

from .effect import MOST_MERGED_MONTHS, Term, bounds

# Of these one fact takes one; work measures and accountability measures may be taken together.
SANCTIONS = frozenset({"党纪处分", "政务处分", "组织处理"})
MEMBERS, OFFICIALS = frozenset({"both", "member"}), frozenset({"both", "official"})


@dataclass(frozen=True)
class Kind:
    """The measure as the catalogue has it. target: its word there, told: the same in Chinese."""

    code: str
    name: str
    category: str
    target: str
    told: str
    is_for_persons: bool
    term: Term


@dataclass(frozen=True)
class Decision:
    """What is to be recorded, as far as it can be doubted.

    heard_on: the earliest day on which somebody was heard about the facts, None when nobody was
    """

    kind: Kind
    is_person: bool
    person_kind: str
    decided_on: date
    visited_on: date
    heard_on: date | None
    decided_months: int | None = None
    merged: int = 1


@dataclass(frozen=True)
class Other:
    """A measure that stands against the same person or unit because of the same facts."""

    code: str
    name: str
    category: str


@dataclass(frozen=True)
class Caution:
    """One thing to look at, as a sentence."""

    code: str
    text: str


def cautions(decision: Decision, *, others: Iterable[Other]) -> list[Caution]:
    """Everything to look at, in the order of the form."""
    found = [*_target(decision), *_twice(decision.kind, others), *_days(decision), *_months(decision)]
    return [Caution(code, text) for code, text in found]


def _target(decision: Decision) -> Iterator[tuple[str, str]]:
    kind = decision.kind
    if kind.is_for_persons != decision.is_person:
        recorded = "个人" if decision.is_person else "单位（党组织）"
        yield "target", f"“{kind.name}”适用于{kind.told}，登记的处理对象是{recorded}。"
    elif kind.target == "party_member" and decision.person_kind not in MEMBERS:
        yield "target", f"“{kind.name}”适用于党员，登记的身份不是中共党员。"
    elif kind.target == "public_official" and decision.person_kind not in OFFICIALS:
        yield "target", f"“{kind.name}”适用于公职人员，登记的身份不是公职人员。"


def _twice(kind: Kind, others: Iterable[Other]) -> Iterator[tuple[str, str]]:
    is_sanction = kind.category in SANCTIONS
    same = [
        row.name for row in others if row.code == kind.code or (is_sanction and row.category == kind.category)
    ]
    if not same:
        return
    told = f"同一事实已登记对该对象的“{'”“'.join(same)}”"
    if is_sanction:
        yield (
            "twice",
            f"{told}，与“{kind.name}”同属{kind.category}，同一事实不得重复给予处分（政务处分法第16条）。",
        )
    else:
        yield "twice", f"{told}，请核对是否重复处理或重复登记。"


def _days(decision: Decision) -> Iterator[tuple[str, str]]:
    decided, heard = decision.decided_on, decision.heard_on
    if heard is None:
        yield "unheard", "没有听取陈述申辩的记录。作出处理决定前应当听取陈述申辩（政务处分法第43条）。"
    elif decided < heard:
        yield (
            "unheard",
            f"决定日期{plain_date(decided)}早于听取陈述申辩的日期{plain_date(heard)}。"
            "作出处理决定前应当听取陈述申辩（政务处分法第43条）。",
        )
    if decided < decision.visited_on:
        yield "early", f"决定日期{plain_date(decided)}早于检查日期{plain_date(decision.visited_on)}。"


def _months(decision: Decision) -> Iterator[tuple[str, str]]:
    term, months = decision.kind.term, decision.decided_months
    limits = bounds(term, merged=decision.merged)
    if months is None or limits is None or limits[0] <= months <= limits[1]:
        return
    fewest, most = limits
    if decision.merged > 1:
        yield (
            "months",
            f"{decision.merged}个“{term.name}”合并处理，期限应在{fewest}至{most}个月之间"
            f"（政务处分法第15条，最长{MOST_MERGED_MONTHS}个月），登记的是{months}个月。",
        )
    elif term.months:
        yield "months", f"“{term.name}”的期限目录规定为{most}个月，登记的是{months}个月。"
    else:
        yield "months", f"“{term.name}”的期限一般不超过{most}个月，登记的是{months}个月。"
