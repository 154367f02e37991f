"""The tree of units: a new one, a corrected one, and where a path comes from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from conduct import audit, moves
from conduct.errors import Refused
from people import access, inheriting, tree
from people.initials import initials_of, pinyin_of
from people.models import Unit, User
from people.roles import Permission

MOST_LEVELS = 15
MOST_INITIALS = 120
MOST_PINYIN = 600


@transaction.atomic
def add(
    *,
    parent: Unit,
    code: str,
    name: str,
    short_name: str = "",
    aliases: Sequence[str] = (),
    kind: str = Unit.Kind.GOVERNMENT,
    by: User,
    at: datetime,
) -> Unit:
    """A new unit under its parent.

    Raises: Forbidden; Refused when code or name is taken, or the tree would be too deep
    """
    if parent is None:
        access.require_everywhere(by, Permission.UNITS_EDIT)
    else:
        access.require(by, Permission.UNITS_EDIT, unit=parent)
    if Unit.objects.filter(code=code).exists():
        raise Refused(f"单位代码“{code}”已经有单位使用，请换一个。")
    _name_is_free(name=name, parent=parent)
    try:
        with transaction.atomic():
            unit = Unit.objects.create(
                parent=parent,
                path=next_path(parent),
                code=code,
                name=name,
                short_name=short_name,
                aliases=list(aliases),
                **sounds(name, short_name, *aliases),
                kind=kind,
            )
    except IntegrityError as fault:
        raise Refused("有人同时在这里新增了单位，请再提交一次。") from fault
    audit.record(at=at, by=by, verb="people.unit_added", label="新增单位", subject=unit)
    return unit


@transaction.atomic
def revise(
    *,
    unit: Unit,
    expected: int,
    name: str,
    short_name: str,
    aliases: Sequence[str],
    kind: str,
    is_active: bool,
    by: User,
    at: datetime,
) -> Unit:
    """Correct a unit; its place in the tree stays.

    expected: the version the person had on the screen
    Raises:   Forbidden; Refused when the name is taken, or what is open or active there keeps it; MovedMeanwhile
    """
    access.require(by, Permission.UNITS_EDIT, unit=unit)
    _name_is_free(name=name, parent=unit.parent, besides=unit)
    if unit.is_active and not is_active:
        require_at_rest_below(unit)
        if found := inheriting.waiting(unit):
            raise Refused(
                f"“{unit.name}”还有未办结的事项：{inheriting.in_words(found)}。"
                "请用“并入其他单位”，由承接单位继续办理。"
            )
    if is_active and unit.successor_id is not None:
        raise Refused(f"“{unit.name}”已并入“{unit.successor}”，不能再启用。需要时请新增单位。")
    moves.revise(
        unit,
        expected=expected,
        by=by,
        at=at,
        verb="unit_revised",
        label="修改单位",
        name=name,
        short_name=short_name,
        aliases=list(aliases),
        **sounds(name, short_name, *aliases),
        kind=kind,
        is_active=is_active,
    )
    return unit


def next_path(parent: Unit | None) -> str:
    """The next free place under a unit, or at the top.

    Raises: Refused when the tree would be too deep or too wide
    """
    above = parent.path if parent else ""
    if len(above) // tree.STEP >= MOST_LEVELS:
        raise Refused(f"单位最多分 {MOST_LEVELS} 级，“{parent}”下面不能再设单位。")
    last = Unit.objects.filter(parent=parent).order_by("-path").values_list("path", flat=True).first()
    number = int(last[-tree.STEP :]) + 1 if last else 1
    try:
        return tree.child_path(parent=above, number=number)
    except ValueError as fault:
        raise Refused(f"“{parent}”下面的单位已满 9999 个，不能再增加。") from fault


def sounds(*names: str) -> dict[str, str]:
    """The columns by which all names of a unit are found from a keyboard: initials and pinyin."""
    found = dict.fromkeys(initials_of(name) for name in names)
    return {
        "initials": " ".join(filter(None, found))[:MOST_INITIALS],
        "pinyin": pinyin_of(*names)[:MOST_PINYIN],
    }


def _name_is_free(*, name: str, parent: Unit | None, besides: Unit | None = None) -> None:
    same = Unit.objects.filter(parent=parent, name=name)
    if besides:
        same = same.exclude(pk=besides.pk)
    if same.exists():
        raise Refused(f"“{parent or '最上级'}”下面已经有一个“{name}”，请换一个名称。")


def require_at_rest_below(unit: Unit) -> None:
    """Refuse to close a unit above others that are in use. Raises: Refused"""
    below = Unit.objects.under(unit).filter(is_active=True).exclude(pk=unit.pk)
    if names := list(below.order_by("path").values_list("name", flat=True)[:3]):
        raise Refused(f"“{unit.name}”下面还有启用的单位（{'、'.join(names)}），请先停用它们。")
