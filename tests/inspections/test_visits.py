"""A visit is filed once, by the right people, and says what the rules ask."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from conduct.errors import Forbidden, MovedMeanwhile, Refused
from inspections.actions import visits
from inspections.actions.campaigns import TeamPlan, UnitPlan
from inspections.models import Campaign, Evidence, Method, Observation, TeamMember, Visit
from tests.factories import inspections as made
from tests.factories.cast import Cast, make_unit

pytestmark = pytest.mark.django_db
S = Visit.State


def test_filing_the_first_visit_starts_its_campaign(cast: Cast) -> None:
    campaign = made.approved_campaign(cast)

    visit = made.file(cast, campaign, made.record_of(made.seen_playing()))

    campaign.refresh_from_db()
    assert visit.state == S.ON_SITE
    assert visit.observations.get().category.code == "D1-03"
    assert (campaign.state, campaign.started_at) == (Campaign.State.ACTIVE, made.AFTER)


def test_the_same_form_sent_twice_is_one_visit(cast: Cast) -> None:
    campaign, key, record = made.approved_campaign(cast), uuid4(), made.record_of()
    first = made.file(cast, campaign, record, client_key=key)

    second = made.file(cast, campaign, record, client_key=key)

    assert second == first
    assert Visit.objects.count() == 1


def test_a_form_used_for_another_unit_is_refused(cast: Cast) -> None:
    campaign, key = made.approved_campaign(cast), uuid4()
    made.file(cast, campaign, made.record_of(), client_key=key)

    with pytest.raises(Refused, match="已经用于另一次检查"):
        made.file(cast, campaign, made.record_of(), client_key=key, unit=cast.west)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"left_at": made.ARRIVED - timedelta(minutes=1)}, "离开时间09:29早于到达时间09:30"),
        ({"visited_on": date(2026, 3, 3)}, "检查日期2026年3月3日还没有到"),
        ({"visited_on": date(2026, 3, 1)}, "不在本批次的期限内（2026年3月2日至2026年3月13日）"),
        ({"arrived_at": made.AFTER + timedelta(minutes=1)}, "到达时间10:31还没有到"),
        ({"left_at": made.AFTER + timedelta(minutes=1)}, "离开时间10:31还没有到"),
        ({"arrived_at": None}, "没有填写到达时间"),
        ({"absent_count": 3}, "人数对不上：实到9＋请假1＋公出1＋缺岗3＝14，应到12，相差2"),
        ({"absent_count": None}, "五项人数要么都填"),
        ({"method": "guess"}, "检查方式不在规定范围内"),
    ],
)
def test_a_record_that_cannot_be_is_refused_with_its_reason(cast: Cast, changes: dict, sentence: str) -> None:
    campaign = made.approved_campaign(cast)

    with pytest.raises(Refused, match=sentence):
        made.file(cast, campaign, made.record_of(**changes))

    assert not Visit.objects.exists()


def test_no_problem_and_a_problem_exclude_each_other(cast: Cast) -> None:
    with pytest.raises(Refused, match="勾选了“未发现问题”，下面又记了1个问题"):
        made.file(cast, made.approved_campaign(cast), made.record_of(made.seen_playing(), no_problem=True))


def test_a_good_practice_beside_no_problem_is_a_result(cast: Cast) -> None:
    good = made.seen_playing(kind=Observation.Kind.GOOD, facts="设了导办台，办事群众不用排队。")

    visit = made.recorded_visit(cast, good, no_problem=True)

    assert visit.state == S.RECORDED


def test_a_unit_outside_the_campaign_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused, match="不在本批次的检查范围内"):
        made.file(cast, made.approved_campaign(cast), made.record_of(), unit=cast.east)


def test_somebody_outside_the_teams_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused, match="您不在本批次的检查组里"):
        made.file(cast, made.approved_campaign(cast), made.record_of(), by=cast.outside_inspector)


def test_somebody_without_the_right_is_forbidden(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        made.file(cast, made.approved_campaign(cast), made.record_of(), by=cast.clerk)


def test_one_inspector_alone_is_refused(cast: Cast) -> None:
    campaign = made.approved_campaign(cast)
    TeamMember.objects.exclude(user=cast.inspector).delete()

    with pytest.raises(Refused, match="须由2名以上检查人员进行，这个组只有1人"):
        made.file(cast, campaign, made.record_of())


def test_a_campaign_not_approved_takes_no_visit(cast: Cast) -> None:
    with pytest.raises(Refused, match="本批次当前是“待批准”"):
        made.file(cast, made.submitted_campaign(cast), made.record_of())


def test_another_teams_unit_is_refused(cast: Cast) -> None:
    other = make_unit("东区供水公司", cast.east)
    teams = [
        TeamPlan("第一组", cast.team_leader, [cast.team_leader, cast.inspector]),
        TeamPlan("第二组", cast.second_inspector, [cast.second_inspector, cast.outside_inspector]),
    ]
    campaign = made.approved_campaign(cast, teams=teams, units=[UnitPlan(other, team=1)])

    with pytest.raises(Refused, match="由第二组检查，您在第一组"):
        made.file(cast, campaign, made.record_of(), unit=other)


def test_a_second_form_for_a_visit_begun_is_refused(cast: Cast) -> None:
    campaign = made.approved_campaign(cast)
    made.file(cast, campaign, made.record_of())

    with pytest.raises(Refused, match="已有一次没有完成的检查"):
        made.file(cast, campaign, made.record_of(), by=cast.second_inspector)


def test_an_indicator_of_another_scheme_is_refused(cast: Cast) -> None:
    foreign = made.seen_playing(category=made.indicator("R1-1", "report"))

    with pytest.raises(Refused, match="不是本批次所用分类的问题指标"):
        made.file(cast, made.approved_campaign(cast), made.record_of(foreign))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [({"facts": " "}, "第1条还没有写事实经过"), ({"category": None}, "第1条还没有选择问题指标")],
)
def test_a_thing_seen_may_be_saved_unfinished_and_not_declared_complete(
    cast: Cast, changes: dict, sentence: str
) -> None:
    visit = made.file(cast, made.approved_campaign(cast), made.record_of(made.seen_playing(**changes)))

    with pytest.raises(Refused, match=sentence):
        visits.complete(visit=visit, expected=visit.version, by=cast.inspector, at=made.AFTER)

    assert visit.observations.get().is_draft


def test_the_database_holds_no_finished_observation_without_indicator_or_facts(cast: Cast) -> None:
    seen = made.file(cast, made.approved_campaign(cast), made.record_of(made.seen_playing())).observations

    for lacking in ({"category": None}, {"facts": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            seen.update(**lacking)


def test_photos_are_tied_to_what_they_show(cast: Cast) -> None:
    seen = made.seen_playing(photos=[made.photo("屏幕.jpg")])

    visit = made.filed_visit(cast, seen, photos=[made.photo("大厅.jpg", colour="red")])

    names = {row.file.original_name: row.observation_id for row in Evidence.objects.select_related("file")}
    assert names == {"屏幕.jpg": visit.observations.get().pk, "大厅.jpg": None}


def test_eleven_photos_at_once_are_refused(cast: Cast) -> None:
    photos = [made.photo(f"{n}.jpg") for n in range(11)]

    with pytest.raises(Refused, match="一次最多上传10张照片，这次选了11张"):
        made.filed_visit(cast, photos=photos)


def test_a_text_file_named_jpg_is_refused_and_nothing_is_stored(cast: Cast) -> None:
    fake = SimpleUploadedFile("照片.jpg", b"not a picture at all")

    with pytest.raises(Refused, match=r"“照片\.jpg”不是可用的照片"):
        made.filed_visit(cast, photos=[fake])

    assert not Visit.objects.exists()


def test_saving_again_keeps_observations_and_renumbers_them(cast: Cast) -> None:
    visit = made.filed_visit(cast, made.seen_playing(facts="甲"), made.seen_playing(facts="乙"))
    first, second = visit.observations.order_by("ordinal")
    again = made.record_of(
        made.seen_playing(facts="丙"), made.seen_playing(facts="乙改", observation=second.pk)
    )

    visits.write(visit=visit, expected=visit.version, record=again, by=cast.inspector, at=made.AFTER)

    rows = list(visit.observations.order_by("ordinal"))
    assert [(row.ordinal, row.facts) for row in rows] == [(1, "丙"), (2, "乙改")]
    assert rows[1].pk == second.pk
    assert not Observation.objects.filter(pk=first.pk).exists()


def test_the_second_of_two_people_editing_is_told_and_overwrites_nothing(cast: Cast) -> None:
    visit = made.filed_visit(cast)
    on_both_screens = visit.version
    visits.write(
        visit=visit,
        expected=on_both_screens,
        record=made.record_of(place="二楼"),
        by=cast.inspector,
        at=made.AFTER,
    )
    stale = Visit.objects.get(pk=visit.pk)

    with pytest.raises(MovedMeanwhile):
        visits.write(
            visit=stale,
            expected=on_both_screens,
            record=made.record_of(place="三楼"),
            by=cast.second_inspector,
            at=made.AFTER,
        )

    assert Visit.objects.get(pk=visit.pk).place == "二楼"


def test_only_the_team_writes_its_record(cast: Cast) -> None:
    visit = made.filed_visit(cast)

    with pytest.raises(Refused, match="不是本次检查的检查组成员"):
        visits.write(
            visit=visit,
            expected=visit.version,
            record=made.record_of(),
            by=cast.outside_inspector,
            at=made.AFTER,
        )


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"left_at": None}, "还没有填写离开时间"),
        ({"place": ""}, "还没有填写检查地点"),
        ({"no_problem": False}, "还没有检查结果"),
        ({"unit_signature": ""}, "明察须写明单位签字情况"),
    ],
)
def test_an_incomplete_record_is_kept_but_not_completed(cast: Cast, changes: dict, sentence: str) -> None:
    visit = made.filed_visit(cast, **changes)

    with pytest.raises(Refused, match=sentence):
        visits.complete(visit=visit, expected=visit.version, by=cast.inspector, at=made.AFTER)

    assert Visit.objects.get(pk=visit.pk).state == S.ON_SITE


def test_a_covert_visit_needs_no_signature_of_the_unit(cast: Cast) -> None:
    visit = made.filed_visit(
        cast, campaign=made.covert_campaign(cast), method=Method.COVERT, unit_signature=""
    )

    visits.complete(visit=visit, expected=visit.version, by=cast.inspector, at=made.AFTER)

    assert visit.state == S.RECORDED
