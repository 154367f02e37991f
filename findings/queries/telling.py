"""What a unit is told of its findings: facts and answers, never a verdict the office has not yet sent out.

A finding the unit was asked about stays in its sight, so that neither its list nor its filters give away what
the office decided before the notice does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db.models import Q

from conduct.search import index
from findings.models import Acceptance, Finding, FindingQuerySet, UnitStatement
from findings.models.finding import OFFICE_SIDE
from people import access
from people.access import Asker
from people.roles import Permission

from .filters import Wish

S = Finding.State
# Decided, and not yet sent out: to the unit the office is still looking into it.
UNSENT = frozenset({S.CONFIRMED, S.PARTLY})
# The office has cut the facts down to what stands; until the notice the unit knows the earlier wording.
CUT_DOWN = Q(notice__isnull=True) & ~Q(earlier_facts="")
LEDGER, OWN_LEDGER = "问题台账", "本单位问题"
ASKED_ABOUT = ("verifying", "before_notice")


def reads_as_unit(user: Asker) -> bool:
    """Whether the person sees findings only as one of those who answer for them."""
    return not access.reach(user, Permission.FINDING_VIEW, roles=OFFICE_SIDE)


def state_for(state: str, *, for_unit: bool) -> S:
    """The state as the reader is told it."""
    return S.VERIFYING if for_unit and state in UNSENT else S(state)


def shows_judgement(finding: Finding, *, for_unit: bool) -> bool:
    """Whether grade and rule are told: to the unit, with the notice."""
    return not for_unit or finding.notice_id is not None


def facts_for(finding: Finding, *, for_unit: bool) -> str:
    """The facts as the reader is told them: what only stands in part is cut down for the unit by the notice."""
    if for_unit and finding.notice_id is None:
        return finding.earlier_facts or finding.facts
    return finding.facts


def shows_opinions(finding: Finding, *, for_unit: bool) -> bool:
    """Whether what single reviewers and accepters wrote is told: to the unit, once the matter is closed."""
    return not for_unit or finding.state == S.CLOSED


def tells_opinion(finding: Finding, *, at: datetime | None, for_unit: bool) -> bool:
    """The same of an opinion of that moment: what the unit has read before a relapse stays told."""
    earlier = bool(at and finding.reopened_at and at < finding.reopened_at)
    return earlier or shows_opinions(finding, for_unit=for_unit)


def ledger_name(user: Asker) -> str:
    """What the list of findings is called on this person's pages."""
    return OWN_LEDGER if reads_as_unit(user) else LEDGER


def acceptances(rows: list[Acceptance], *, finding: Finding, for_unit: bool) -> list[Acceptance]:
    """The verdicts that are told: to the unit, one that sends back at once, the rest once the matter is closed."""
    return [
        row
        for row in rows
        if row.verdict != Acceptance.Verdict.ACCEPT or tells_opinion(finding, at=row.at, for_unit=for_unit)
    ]


def is_before_its_time(at: datetime, *, finding: Finding, for_unit: bool) -> bool:
    """Whether something happened while another unit had the matter: this one is not told of it."""
    return for_unit and finding.taken_over_at is not None and at < finding.taken_over_at


def statements(rows: list[UnitStatement], *, finding: Finding, for_unit: bool) -> list[UnitStatement]:
    """What units said, without what another unit said before this one had the matter."""
    return [row for row in rows if not is_before_its_time(row.entered_at, finding=finding, for_unit=for_unit)]


def asked_by_unit(rows: FindingQuerySet, wish: Wish) -> tuple[FindingQuerySet, Wish]:
    """The rows of a unit and what is left of its wish, so that no filter gives an unsent verdict away."""
    if wish.words:
        rows, wish = rows.filter(_holding_told(wish.words)), replace(wish, words=())
    unsent = Q(notice__isnull=True, state__in=[S.VERIFYING, *UNSENT])
    if wish.state in ASKED_ABOUT and not wish.grade:
        return rows.filter(unsent), replace(wish, state="")
    return (rows.exclude(unsent) if wish.state or wish.grade else rows), wish


def _holding_told(words: Sequence[str]) -> Q:
    """Findings whose text holds every word, in the wording the unit knows."""
    name = Finding._meta.label_lower
    present = index.holding(Finding, source=name, words=words)
    return (present & ~CUT_DOWN) | (index.holding(Finding, source=f"{name}.told", words=words) & CUT_DOWN)
