"""What can be chosen from in the filters of findings."""

from __future__ import annotations

from findings.models import Finding
from inspections.models import ProblemCategory
from inspections.queries import standards
from people import access
from people.access import Asker
from people.models import Unit
from people.queries import units as search
from people.queries.units import certain
from people.roles import Permission

SEARCHED = 300


def tops() -> list[tuple[str, str]]:
    """Top categories of every scheme in force, as (code, words)."""
    rows = ProblemCategory.objects.filter(taxonomy__in=standards.currents(), level=1)
    ordered = rows.order_by("-taxonomy__scheme", "ordinal").values_list("code", "name")
    return [(code, f"{code} {name}") for code, name in ordered]


def top_name(code: str) -> str:
    """A top category in words; the bare code when no scheme in force has it."""
    return dict(tops()).get(code, code)


def units(user: Asker, text: str) -> list[search.Found]:
    """Units the person reaches whose name, code or pinyin hold the text, best first."""
    found = search.search(text, only_active=False, limit=SEARCHED)
    reach = access.within(user, Permission.FINDING_VIEW, path_field="path")
    mine = set(Unit.objects.filter(reach, pk__in=[unit.pk for unit in found]).values_list("pk", flat=True))
    return [unit for unit in found if unit.pk in mine][: search.MOST_FOUND]


def unit_for(user: Asker, pk: int) -> Unit | None:
    """One of the units the person reaches."""
    reach = access.within(user, Permission.FINDING_VIEW, path_field="path")
    return Unit.objects.filter(reach, pk=pk).first()


def unit_named(user: Asker, text: str) -> Unit | None:
    """The one of them that is meant by a name, a code, or a choice as it stands in its field."""
    unit = search.find(certain(text)) or search.find(text)
    return unit_for(user, unit.pk) if unit else None


def notice_number(number: str) -> str:
    """The number as it is kept: a bare year and sequence typed with half-width brackets is understood."""
    return number.replace(" ", "").translate(str.maketrans("[(（])）", "〔〔〔〕〕〕"))


def may_select(user: Asker) -> bool:
    """Whether the person may tick findings of the ledger to merge them or send out a notice."""
    return access.holds(user, Permission.FINDING_TRIAGE) or access.holds(user, Permission.NOTICE_ISSUE)


GRADES = [(str(value), str(label)) for value, label in Finding.Grade.choices]
