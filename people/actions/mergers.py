"""A unit that is merged into another, or closed: its successor takes over what is open, history keeps the old name."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from conduct import clock, messages, moves
from conduct.errors import NotFromHere, Refused
from people import access, inheriting, tree
from people.models import Unit, User
from people.queries import addressees
from people.roles import Permission

from .units import require_at_rest_below

MERGED = messages.declare("people.unit_merged", "单位撤并", is_floor=True)


@transaction.atomic
def merge(*, unit: Unit, heir: Unit, reason: str, expected: int, by: User, at: datetime) -> Unit:
    """Close the unit and give what is open there to its successor; terms run on as they are.

    expected: the version the person had on the screen
    Raises:   Forbidden; Refused for an heir that cannot take over; MovedMeanwhile
    """
    for one in (unit, heir):
        access.require(by, Permission.UNITS_EDIT, unit=one)
    # Whoever merges the heir away at the same moment waits, or finds it closed.
    heir = Unit.objects.select_for_update().get(pk=heir.pk)
    _check(unit, heir, reason)
    open_here = inheriting.waiting(unit)
    moves.revise(
        unit,
        expected=expected,
        by=by,
        at=at,
        verb="unit_merged",
        label=f"撤并，由{heir.name}承接"[:64],
        reason=reason.strip(),
        is_active=False,
        successor=heir,
        closed_on=clock.day_of(at),
    )
    for estate in inheriting.ESTATES:
        estate.hand_over(unit, heir, by, at)
    _tell(unit, heir, open_here, by, at)
    return unit


def _check(unit: Unit, heir: Unit, reason: str) -> None:
    if not unit.is_active:
        raise NotFromHere(f"“{unit.name}”已经停用，不能再撤并。请刷新页面看最新情况。")
    if heir.pk == unit.pk or tree.is_below(heir.path, unit.path):
        raise Refused("承接单位不能是被撤并的单位本身，也不能是它的下级。请另选单位。")
    if not heir.is_active or heir.is_unrecorded:
        raise Refused(f"“{heir.name}”已停用，不能承接。请另选单位。")
    if not reason.strip():
        raise Refused("请写明撤并的依据，如机构改革文件的名称和文号。")
    require_at_rest_below(unit)


def _tell(unit: Unit, heir: Unit, open_here: dict[str, int], by: User, at: datetime) -> None:
    """The office, and those who answer for the heir."""
    today = clock.day_of(at)
    to = {*addressees.office_of(heir, day=today), *addressees.office_of(unit, day=today)}
    what = inheriting.in_words(open_here)
    taken = f"{what}由承接单位继续办理，期限不变。" if what else "没有未办结的事项。"
    messages.tell(
        MERGED,
        to=to | set(addressees.answering(heir, day=today)),
        matter=unit,
        step=f"merged:{unit.version}",
        words=f"{unit.name}已并入{heir.name}，{taken}",
        unit=heir.name,
        url_name="people:messages",
        by=by,
        at=at,
    )
