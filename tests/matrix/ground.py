"""The ground the matrix stands on: a South of one's own, a North that is foreign, and a sealed plan of the South.

All three are played through the product's own actions, one row in each state, so that every door has something
behind it. What belongs to the North or is sealed carries a word that must be read by nobody else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.apps import apps
from django.db import DatabaseError, models, transaction

from conduct.calendar import seed
from conduct.models import CalendarChange, Delivery, JobRun, Message, MessageSettings
from conduct.search import index
from inspections.actions import campaigns, visits
from inspections.actions.campaigns import TeamPlan
from inspections.models import Campaign, Method, Visit
from people.models import Post, PostChange, Recovery, Unit, User
from people.roles import Role
from reports.actions import bulletins, corrections, orders
from reports.models import FeedToken
from reports.rules.feed import digest_of
from reports.rules.periods import AD_HOC, Period
from tests.factories import inspections as made
from tests.factories.calendar import calendar_changed
from tests.factories.case_files import bound
from tests.factories.cast import AT, Cast, give_post, make_unit, make_user, stand_up
from tests.factories.corrections import to_correct
from tests.factories.findings import (
    Line,
)
from tests.factories.signing import bind

from .matters import Side, play_findings, play_measures

PERIOD = Period(date(2026, 1, 1), date(2026, 3, 1))
BUSINESS = ("inspections", "findings", "accountability", "reports")
NORTH_WORD, SEALED_WORD = "鹧鸪关", "苍梧计"


@dataclass
class Ground:
    """The city, the South that is one's own, the North, and the sealed plan of the South with who knows of it."""

    city: Cast
    south: Side
    north: Side
    sealed: Side
    keeper: User
    # Rows of the North and of the sealed plan: table to keys.
    foreign: dict[str, set[Any]] = field(default_factory=dict)


def build() -> Ground:
    """Everything, once."""
    city = stand_up()
    seed.ship(at=AT)
    made.indicator()
    _rows_of_people(city)
    south, north = Side(county(city, "南区", "s")), Side(county(city, "北区", "n"))
    _change_of_post(south, by=city.security_admin)
    play(south)
    before = _keys()
    _change_of_post(north, by=city.security_admin)
    play(north)
    _mark(_new_since(before), NORTH_WORD)
    own = _keys()
    sealed, keeper = _sealed(south)
    _mark(_new_since(own), SEALED_WORD)
    _messages(south, city), _messages(north, city)
    ground = Ground(city, south, north, sealed, keeper, foreign=_new_since(before))
    index.fill() if index.is_empty() else index.rebuild()
    return ground


def county(city: Cast, name: str, key: str) -> Cast:
    """A county with an office, people in every role of it, and units that answer."""
    top = make_unit(name, city.city, kind=Unit.Kind.AREA)
    bureau = make_unit(f"{name}督查办", top)
    answering = make_unit(f"{name}审批局", top)
    hall = make_unit(f"{name}政务大厅", answering)
    other = make_unit(f"{name}民政局", top)

    def person(username: str, unit: Unit, role: Role, home: Unit) -> User:
        user = make_user(f"{key}_{username}", f"{name}{username}", home=home)
        give_post(user, unit, role)
        return user

    office = {
        field: person(field, top, role, bureau)
        for field, role in {
            **dict.fromkeys(("clerk", "second_clerk", "third_clerk", "fourth_clerk"), Role.OFFICE_CLERK),
            "leader": Role.OFFICE_LEADER,
            **dict.fromkeys(("inspector", "second_inspector", "outside_inspector"), Role.INSPECTOR),
            "team_leader": Role.TEAM_LEADER,
            "reader": Role.READING_LEADER,
        }.items()
    }
    return replace(
        city,
        city=top,
        bureau=bureau,
        east=answering,
        east_bureau=hall,
        west=other,
        east_head=person("head", answering, Role.UNIT_HEAD, answering),
        east_liaison=person("liaison", answering, Role.UNIT_LIAISON, answering),
        west_head=person("other_head", other, Role.UNIT_HEAD, other),
        **office,
    )


def play(side: Side) -> None:
    """One row of business in each state."""
    _campaigns(side)
    _visits(side)
    play_findings(side)
    play_measures(side)
    _bulletins(side)
    _case_files(side)


def _campaigns(side: Side) -> None:
    cast = side.cast
    under_way = made.approved_campaign(cast, title="作风检查（实施）")
    visits.depart(campaign=under_way, unit=cast.east_bureau, by=cast.team_leader, at=made.AFTER)
    fresh = made.approved_campaign(cast, title="作风检查（已批准）")
    reporting = made.approved_campaign(cast, title="作风检查（汇总）")
    made.locked_visit(cast, made.seen_playing(), campaign=reporting, photos=[made.photo()])
    ended = made.approved_campaign(cast, title="作风检查（可汇总）")
    made.locked_visit(cast, made.seen_playing(), campaign=ended)
    campaigns.report(campaign=Campaign.objects.get(pk=reporting.pk), by=cast.clerk, at=made.AFTER)
    side.put("campaign", under_way, fresh, reporting, ended)
    side.put("campaign", made.draft_campaign(cast, title="作风检查（草稿）"))
    side.put("campaign", made.submitted_campaign(cast, title="作风检查（待批）"))


def _visits(side: Side) -> None:
    cast = side.cast
    locked = made.locked_visit(cast, made.seen_playing(), photos=[made.photo()])
    side.put("visit", locked, made.filed_visit(cast, made.seen_playing()))
    for stage in (made.recorded_visit, made.signed_visit, made.reviewed_visit):
        side.put("visit", stage(cast, made.seen_playing()))
    side.put("visit", *Visit.objects.filter(campaign__in=side.rows["campaign"]))
    side.put("photo", locked.evidence.get())
    team = side.rows["campaign"][1].teams.get()
    side.put(
        "visit",
        visits._planned(
            side.rows["campaign"][1], cast.east_bureau, team, uuid4(), Method.OPEN, cast.clerk, AT
        ),
    )


def _bulletins(side: Side) -> None:
    cast = side.cast
    common: dict[str, Any] = {
        "kind": AD_HOC,
        "office": cast.city,
        "period": PERIOD,
        "by": cast.clerk,
        "at": AT,
    }
    draft = bulletins.draft(**common, made_key=f"{cast.city.code}-1")
    other = replace(PERIOD, last=date(2026, 2, 1))
    handed = bulletins.draft(**common | {"period": other}, made_key=f"{cast.city.code}-2")
    handed = bulletins.submit(bulletin=handed, by=cast.clerk, at=AT, expected=handed.version)
    _wrong(side)
    run = orders.place(**common, made_key=str(uuid4()))
    JobRun.objects.filter(pk=run.pk).update(state="failed", problem="磁盘已满。")
    side.put("bulletin", draft, handed)
    side.put("run", run)


def _wrong(side: Side) -> None:
    """Papers to be put right: one to be signed, one that was put off."""
    findings = [Line(side.cast).received(title=f"异议成立的问题{place}") for place in (1, 2)]
    rows = [to_correct(finding) for finding in findings]
    corrections.hold(correction=rows[1], reason="等上级答复。", by=side.cast.leader, at=AT)
    side.put("finding", *findings)
    side.put("notice", *(finding.notice for finding in findings))
    side.put("correction", *rows)


def _case_files(side: Side) -> None:
    finding = side.rows["finding"][0]
    side.put("case_file", bound(finding, by=side.cast.clerk))


FEED = "a-feed-of-the-south"


def _rows_of_people(city: Cast) -> None:
    calendar_changed(by=city.clerk)
    FeedToken.objects.create(user=city.east_head, digest=digest_of(FEED), made_at=AT)
    JobRun.objects.create(job="tests.none", label="试办", created_at=AT, state="failed", problem="磁盘已满。")
    bind(city.reader)
    Recovery.objects.create(
        user=city.east_liaison, asked_by=city.security_admin, asked_at=AT, reason="手机丢失。"
    )


def _change_of_post(side: Side, *, by: User) -> None:
    """The wish of the city's security administrator for a post in the county."""
    cast = side.cast
    change = PostChange.objects.create(
        kind=PostChange.Kind.GIVE,
        user=cast.outside_inspector,
        unit=cast.west,
        role=Role.TEAM_LEADER,
        since=made.AFTER.date(),
        reason="工作安排。",
        asked_by=by,
        asked_at=AT,
    )
    side.put("post_change", change)


def _messages(side: Side, city: Cast) -> None:
    """What the head of the unit was told, a letter of it that did not arrive, and ways people have chosen."""
    head = side.cast.east_head
    told = Message.objects.filter(recipient=head.pk).order_by("at", "pk").first()
    assert told is not None
    side.put("message", told)
    MessageSettings.objects.create(person=head.pk, mail_address="head@example.gov.cn", is_mail_on=True)
    Delivery.objects.create(
        recipient=head.pk,
        channel="mail",
        message=told,
        kind=told.kind,
        created_at=AT,
        ready_at=AT,
        given_up_at=AT,
        problem="邮件服务器拒收这个收件地址（550）",
    )


def _sealed(south: Side) -> tuple[Side, User]:
    """A covert plan of the South, approved and not begun, known to people who ask nothing in the matrix."""
    cast = south.cast
    keeper = cast.fourth_clerk

    def hidden(username: str, role: Role) -> User:
        user = make_user(f"sealed_{username}", f"暗访{username}", home=cast.bureau)
        give_post(user, cast.city, role)
        return user

    leader, chief = hidden("leader", Role.OFFICE_LEADER), hidden("chief", Role.TEAM_LEADER)
    members = [chief, hidden("one", Role.INSPECTOR), hidden("two", Role.INSPECTOR)]
    plan = made.plan_for(
        cast,
        title="节后暗访",
        method=Method.COVERT,
        approver=leader,
        leader=chief,
        teams=[TeamPlan("暗访一组", chief, members)],
    )
    campaign = campaigns.draft(plan=plan, by=keeper, at=AT)
    campaigns.submit(campaign=campaign, by=keeper, at=AT)
    campaigns.approve(campaign=campaign, by=leader, at=AT)
    team = campaign.teams.get()
    visit = visits._planned(campaign, cast.east_bureau, team, uuid4(), Method.COVERT, keeper, AT)
    return Side(cast, {"campaign": [campaign], "visit": [visit]}), keeper


def models_of(*floors: str) -> list[type[models.Model]]:
    """The floors' own tables."""
    return [
        model for floor in floors for model in apps.get_app_config(floor).get_models() if model._meta.managed
    ]


def _keys() -> dict[str, set[Any]]:
    return {
        model._meta.db_table: set(model._base_manager.values_list("pk", flat=True))
        for model in [*models_of(*BUSINESS), JobRun, Message]
    }


def _new_since(before: dict[str, set[Any]]) -> dict[str, set[Any]]:
    return {table: keys - before[table] for table, keys in _keys().items()}


def _mark(rows: dict[str, set[Any]], word: str) -> None:
    """Put the word into every text of the rows that people write; what triggers keep as it is stays."""
    for message in Message.objects.filter(pk__in=rows.get(Message._meta.db_table, ())):
        Message.objects.filter(pk=message.pk).update(words=f"{word}{message.words}")
    for model in models_of(*BUSINESS):
        texts = [column for column in model._meta.concrete_fields if is_written(column)]
        for row in model._base_manager.filter(pk__in=rows.get(model._meta.db_table, ())) if texts else ():
            for column in texts:
                setattr(row, column.attname, f"{word}{getattr(row, column.attname)}"[: column.max_length])
            try:
                with transaction.atomic():
                    model._base_manager.bulk_update([row], [column.name for column in texts])
            except DatabaseError:
                continue


def is_written(column: Any) -> bool:
    """Whether a column holds what somebody wrote."""
    if not isinstance(column, models.TextField | models.CharField) or column.choices or column.unique:
        return False
    is_long = isinstance(column, models.TextField) or (column.max_length or 0) >= 60
    return is_long and not column.name.endswith(("sha256", "key", "number", "fonts"))


Arguments = tuple[Any, ...]
Finder = Callable[[Side], list[Arguments]]


def of(kind: str) -> Finder:
    """The keys of a side's rows of the kind."""

    def found(side: Side) -> list[Arguments]:
        rows = side.rows.get(kind, [])
        return [tuple(part.pk for part in row) if isinstance(row, tuple) else (row.pk,) for row in rows]

    return found


def missing_like(arguments: Arguments) -> Arguments:
    """Arguments of the same make that lead to nothing."""
    none = UUID("00000000-0000-4000-8000-000000000000")
    return tuple(none if isinstance(part, UUID) else 999_999_999 for part in arguments)


def people_rows(ground: Ground) -> dict[str, list[Arguments]]:
    """What the doors of people are about: the same for everybody they admit."""
    city = ground.city
    account = [(city.east_liaison.pk,), (ground.south.cast.east_liaison.pk,)]
    return {
        "reports:feed": [(FEED,)],
        "people:unit_detail": [(city.east.pk,)],
        "people:unit_merge": [(city.west.pk,)],
        **dict.fromkeys(("people:account_detail", "people:account_switch", "people:account_reset"), account),
        "people:post_end": [(Post.objects.get(user=city.east_liaison).pk,)],
        "people:calendar_year": [(2026,)],
        **{f"people:calendar_{name}": [(CalendarChange.objects.get().pk,)] for name in ("change", "undo")},
        **{
            key: [(Recovery.objects.get().pk,)]
            for key in ("people:recovery_detail", "people:recovery_decide")
        },
        **{
            key: [(JobRun.objects.get(job="tests.none").pk,)]
            for key in ("people:job_detail", "people:job_retry")
        },
        "people:delivery_retry": [(Delivery.objects.filter(given_up_at__isnull=False).order_by("pk")[0].pk,)],
        "inspections:standards_publish": [("speech",)],
        "inspections:standards_export": [("speech",)],
    }
