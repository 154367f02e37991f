"""File a visit: set out, write the record down as often as needed, complete it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import F

from conduct import clock, moves
from conduct.errors import MovedMeanwhile, Refused
from conduct.models import StoredFile
from inspections.models import Campaign, Method, Observation, Team, Visit
from inspections.moves import visits as steps
from inspections.queries import campaigns as plans
from inspections.queries import conflicts, content
from inspections.queries import visits as standing
from inspections.rules import plans as plan_rules
from inspections.rules import records as rules
from inspections.rules.plans import FEWEST_INSPECTORS
from people import access
from people.models import Unit, User
from people.roles import Permission

from . import campaigns, evidence
from .records import Record, Seen, as_record, facts_of

WRITABLE = (Visit.State.DEPARTED, Visit.State.ON_SITE)
# Planned, departed, on site: the version of a visit nobody has saved since it was filed.
AS_FILED = 3
OUTSIDE = "这个单位不在本批次的检查范围内，请核对。"
RENUMBERED_FROM = 1000


class KeyTaken(Refused):
    """The key of a form belongs to another visit."""


@transaction.atomic
def depart(
    *, campaign: Campaign, unit: Unit, by: User, at: datetime, client_key: UUID | None = None
) -> Visit:
    """Set out for a unit; from now on a covert visit is known to its team and to the office.

    Raises: Forbidden; Refused for whoever may not go there, outside the campaign's dates, and while the team
            is there already
    """
    team = _team_to_go(campaign, unit, by)
    if objection := plan_rules.objection_to_setting_out(
        first_day=campaign.starts_on, last_day=campaign.ends_on, today=clock.day_of(at)
    ):
        raise Refused(objection)
    visit = standing.open_one(campaign=campaign, unit=unit, team=team)
    try:
        with transaction.atomic():
            visit = visit or _planned(campaign, unit, team, client_key or uuid4(), campaign.method, by, at)
    except IntegrityError as faster:
        raise Refused(_begun(team, unit)) from faster
    _leave(visit, by, at)
    return visit


def file(
    *, campaign: Campaign, unit: Unit, client_key: UUID, record: Record, by: User, at: datetime
) -> Visit:
    """Write down a visit just made; the same key again answers with the same visit.

    Raises: Forbidden; KeyTaken; MovedMeanwhile when the form comes again with other words after a colleague
            saved; Refused with what is wrong
    """
    known = standing.filed_with(client_key)
    if known is None:
        try:
            return _file_new(campaign, unit, client_key, record, by, at)
        except Refused:
            # The other half of a double click may have filed this very visit a moment ago.
            known = standing.filed_with(client_key)
            if known is None:
                raise
    return _again(known, campaign, unit, record, by, at)


def write(*, visit: Visit, expected: int, record: Record, by: User, at: datetime) -> Visit:
    """Write the record down again before it is complete.

    expected: the version the person had on the screen
    Raises:   Forbidden; MovedMeanwhile when a colleague saved first; Refused with what is wrong
    """
    _require_member(visit, by)
    if visit.state not in WRITABLE:
        raise Refused(_too_late(visit))
    if visit.version != expected:
        raise MovedMeanwhile(moves.MOVED)
    _check(visit.campaign, record, at)
    taken = evidence.take_in(uploads=_uploads(record), by=by, at=at)
    return _store_again(visit, expected, record, taken, by, at)


@transaction.atomic
def complete(*, visit: Visit, expected: int, by: User, at: datetime) -> Visit:
    """Declare the record complete and ready to be signed.

    Raises: Forbidden; MovedMeanwhile; Refused with everything that is lacking
    """
    _require_member(visit, by)
    if visit.version != expected:
        raise MovedMeanwhile(moves.MOVED)
    _check_team(visit.team)
    wrong = rules.wrong_as_complete(facts_of(visit.campaign, as_record(visit), at))
    if wrong:
        raise Refused("".join(item.text for item in wrong))
    moves.carry_out(visit, steps.RECORD, by=by, at=at, recorded_at=at)
    return visit


@transaction.atomic
def abort(*, visit: Visit, by: User, at: datetime, reason: str) -> Visit:
    """Break the visit off; what was written stays.

    Raises: Forbidden; Refused without a reason
    """
    _require_member(visit, by)
    moves.carry_out(visit, steps.ABORT, by=by, at=at, reason=reason)
    return visit


def _file_new(
    campaign: Campaign, unit: Unit, client_key: UUID, record: Record, by: User, at: datetime
) -> Visit:
    team = _team_to_go(campaign, unit, by)
    begun = standing.open_one(campaign=campaign, unit=unit, team=team)
    if begun and begun.state == Visit.State.PLANNED:
        raise Refused(f"{team}到{unit}的检查已经安排，请先登记出发，再填写记录。")
    _check(campaign, record, at)
    taken = evidence.take_in(uploads=_uploads(record), by=by, at=at)
    try:
        return _store_new(campaign, unit, team, client_key, record, taken, by, at)
    except IntegrityError as faster:
        raise Refused(_begun(team, unit)) from faster


def _team_to_go(campaign: Campaign, unit: Unit, by: User) -> Team:
    """The asker's team, when it may go to that unit now."""
    access.require(by, Permission.VISIT_FILE)
    if campaign.state not in plans.FIELD_OPEN:
        raise Refused(f"本批次当前是“{campaign.get_state_display()}”，不能填写检查记录。")
    team = plans.team_of(by, campaign)
    if team is None:
        raise Refused("您不在本批次的检查组里，不能填写检查记录。请与带队负责人联系。")
    _check_team(team)
    place = campaign.units.filter(unit=unit).select_related("team").first()
    # Whoever may not know the plan hears the same about a sealed unit as about one outside.
    if place is None or not plans.knows_plan(by, campaign):
        raise Refused(OUTSIDE)
    if place.team and place.team.pk != team.pk:
        raise Refused(f"{unit}由{place.team}检查，您在{team}。请与带队负责人联系。")
    _check_first(standing.known_by(campaign=campaign, unit=unit), team, unit)
    return team


def _check_first(known: Visit | None, team: Team, unit: Unit) -> None:
    """One visit to a unit in a campaign; one that is only planned may still leave."""
    if known is None or (known.state == Visit.State.PLANNED and known.team_id == team.pk):
        return
    if known.state in standing.OPEN:
        raise Refused(_begun(known.team or team, unit))
    raise Refused(
        f"{unit}在本批次已经检查过，记录{known.get_state_display()}。"
        "要补充内容，归档前请组长退回补正，归档后请添加更正记录。"
    )


def _begun(team: Team, unit: Unit) -> str:
    return f"{team}在{unit}已有一次没有完成的检查，请到那次检查里补充，不要另外登记。"


def _too_late(visit: Visit) -> str:
    return (
        f"这次检查的记录现在是“{visit.get_state_display()}”，不能再修改，您填的内容没有存入。"
        "如需补充，请先把下面的文字抄下来，再请组长退回补正；已归档的请添加更正记录。"
    )


def _check_team(team: Team | None) -> None:
    size = team.members.count() if team else 0
    if size < FEWEST_INSPECTORS:
        raise Refused(f"检查须由{FEWEST_INSPECTORS}名以上检查人员进行，这个组只有{size}人。请先补足人员。")


def _require_member(visit: Visit, by: User) -> None:
    access.require(by, Permission.VISIT_FILE)
    if not standing.is_member(visit, by):
        raise Refused("您不是本次检查的检查组成员，不能填写这份记录。")


def _again(visit: Visit, campaign: Campaign, unit: Unit, record: Record, by: User, at: datetime) -> Visit:
    """The same form once more: a double click changes nothing, words changed after going back are kept."""
    if (visit.campaign_id, visit.unit_id) != (campaign.pk, unit.pk) or not standing.is_member(visit, by):
        raise KeyTaken("这张表的编号已经用于另一次检查，现在换成了新的。请核对内容后再保存一次。")
    is_same = conflicts.is_same(visit, record)
    if is_same and evidence.are_kept(visit=visit, uploads=_uploads(record), held=_held(record), by=by):
        return visit
    if visit.state not in WRITABLE:
        raise Refused(_too_late(visit))
    if (visit.recorder_id, visit.version) != (by.pk, AS_FILED):
        raise MovedMeanwhile(moves.MOVED)
    rows = list(visit.observations.order_by("ordinal").values_list("pk", flat=True))
    known = [replace(item, observation=pk) for item, pk in zip(record.seen, rows, strict=False)]
    whole = replace(record, seen=[*known, *record.seen[len(known) :]])
    return write(visit=visit, expected=visit.version, record=whole, by=by, at=at)


def _check(campaign: Campaign, record: Record, at: datetime) -> None:
    if record.method not in Method.values:
        raise Refused("检查方式不在规定范围内，请重新选择。")
    wrong = rules.wrong_as_draft(facts_of(campaign, record, at))
    if wrong:
        raise Refused("".join(item.text for item in wrong))
    for item in record.seen:
        leaf = item.category
        if leaf and (leaf.taxonomy_id != campaign.taxonomy_id or not leaf.is_leaf):
            raise Refused(f"“{leaf}”不是本批次所用分类的问题指标，请重新选择。")


def _uploads(record: Record) -> dict[int | None, Sequence[UploadedFile]]:
    return {None: record.photos, **{place: item.photos for place, item in enumerate(record.seen)}}


def _held(record: Record) -> dict[int | None, Sequence[UUID]]:
    return {None: record.held, **{place: item.held for place, item in enumerate(record.seen)}}


def _tie_photos(
    visit: Visit,
    rows: Sequence[Observation],
    record: Record,
    taken: Mapping[int | None, Sequence[StoredFile]],
    by: User,
    at: datetime,
) -> None:
    held = evidence.adopt(held=_held(record), by=by, at=at)
    evidence.tie(visit=visit, observations=rows, taken=held, by=by, at=at)
    evidence.tie(visit=visit, observations=rows, taken=taken, by=by, at=at)


def _planned(
    campaign: Campaign, unit: Unit, team: Team, client_key: UUID, method: str, by: User, at: datetime
) -> Visit:
    visit = Visit(
        client_key=client_key,
        campaign=campaign,
        team=team,
        unit=unit,
        method=method,
        recorder=by,
        created_at=at,
    )
    return moves.born(visit, state=Visit.State.PLANNED, by=by, at=at, label="安排检查")


def _leave(visit: Visit, by: User, at: datetime) -> None:
    moves.carry_out(visit, steps.DEPART, by=by, at=at, departed_at=at)
    campaigns.start(campaign=visit.campaign, by=by, at=at)


@transaction.atomic
def _store_new(
    campaign: Campaign,
    unit: Unit,
    team: Team,
    client_key: UUID,
    record: Record,
    taken: Mapping[int | None, Sequence[StoredFile]],
    by: User,
    at: datetime,
) -> Visit:
    visit = _planned(campaign, unit, team, client_key, record.method, by, at)
    _leave(visit, by, at)
    moves.carry_out(visit, steps.ARRIVE, by=by, at=at, **_columns(record))
    rows = [
        _put(Observation(visit=visit), ordinal, item) for ordinal, item in enumerate(record.seen, start=1)
    ]
    _tie_photos(visit, rows, record, taken, by, at)
    return visit


@transaction.atomic
def _store_again(
    visit: Visit,
    expected: int,
    record: Record,
    taken: Mapping[int | None, Sequence[StoredFile]],
    by: User,
    at: datetime,
) -> Visit:
    if visit.state == Visit.State.DEPARTED and record.arrived_at:
        moves.carry_out(visit, steps.ARRIVE, by=by, at=at, **_columns(record))
    else:
        moves.revise(
            visit, expected=expected, by=by, at=at, verb="save_record", label="保存记录", **_columns(record)
        )
    evidence.remove(visit=visit, wanted=record.removed, by=by, at=at)
    _tie_photos(visit, _put_seen(visit, record.seen), record, taken, by, at)
    return visit


def _columns(record: Record) -> dict[str, Any]:
    return {name: getattr(record, name) for name in content.FIELDS}


def _put_seen(visit: Visit, seen: Sequence[Seen]) -> list[Observation]:
    """Make the observations those of the record, in its order; rows saved before keep their identity."""
    known = {row.pk: row for row in visit.observations.all()}
    visit.observations.exclude(pk__in=known.keys() & {item.observation for item in seen}).delete()
    visit.observations.update(ordinal=F("ordinal") + RENUMBERED_FROM)
    rows = []
    for ordinal, item in enumerate(seen, start=1):
        row = known.pop(item.observation, None) if item.observation else None
        rows.append(_put(row or Observation(visit=visit), ordinal, item))
    return rows


def _put(row: Observation, ordinal: int, item: Seen) -> Observation:
    row.ordinal, row.category, row.rule_item = ordinal, item.category, item.rule_item
    row.is_draft = item.is_draft
    for name in content.SEEN_FIELDS:
        if name != "count":
            setattr(row, name, getattr(item, name))
    row.save()
    return row
