"""What can be chosen from in the filters of findings."""

from __future__ import annotations

from django.db.models import Q

from findings.models import Finding
from inspections.models import ProblemCategory
from inspections.queries import standards
from people import access
from people.access import Asker
from people.models import Unit
from people.roles import Permission


def tops() -> list[tuple[str, str]]:
    """Top categories of every scheme in force, as (code, words)."""
    rows = ProblemCategory.objects.filter(taxonomy__in=standards.currents(), level=1)
    ordered = rows.order_by("-taxonomy__scheme", "ordinal").values_list("code", "name")
    return [(code, f"{code} {name}") for code, name in ordered]


def top_name(code: str) -> str:
    """A top category in words; the bare code when no scheme in force has it."""
    return dict(tops()).get(code, code)


def units(user: Asker) -> list[tuple[int, str]]:
    """Units the person reaches, as a tree drawn by indents."""
    reach = access.within(user, Permission.FINDING_VIEW, path_field="path")
    rows = Unit.objects.filter(reach, is_active=True).order_by("path").values_list("pk", "path", "name")
    return [(pk, "　" * (len(path) // 4 - 1) + name) for pk, path, name in rows]


def unit_for(user: Asker, pk: int) -> Unit | None:
    """One of those units."""
    reach = access.within(user, Permission.FINDING_VIEW, path_field="path")
    return Unit.objects.filter(reach | Q(pk__in=[]), pk=pk).first()


def notice_number(number: str) -> str:
    """The number as it is kept: a bare year and sequence typed with half-width brackets is understood."""
    return number.replace(" ", "").translate(str.maketrans("[(（])）", "〔〔〔〕〕〕"))


def may_select(user: Asker) -> bool:
    """Whether the person may tick findings of the ledger to merge them or send out a notice."""
    return access.holds(user, Permission.FINDING_TRIAGE) or access.holds(user, Permission.NOTICE_ISSUE)


GRADES = [(str(value), str(label)) for value, label in Finding.Grade.choices]
