"""Who reaches what: posts, their days, the branches they cover, and the index that finds a branch."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.utils.functional import SimpleLazyObject

from conduct import clock
from conduct.errors import Forbidden
from people import access, tree
from people.backend import Accounts
from people.models import Post, Unit, User
from people.roles import ADMIN_ROLES, GRANTS, ROLE_NAMES, Permission, Role
from tests.factories.cast import Cast, give_post, make_unit, make_user

pytestmark = pytest.mark.django_db
TODAY = clock.day_of(clock.now())
DAY = timedelta(days=1)

# What each role may do, written a second time by hand: a change in people.roles has to be meant.
TABLE = {
    Role.INSPECTOR: "campaign_view visit_view visit_file visit_correct standards_view",
    Role.TEAM_LEADER: "campaign_view visit_view visit_file visit_correct visit_review standards_view",
    Role.OFFICE_CLERK: "campaign_view campaign_plan visit_view visit_lock visit_correct finding_view finding_triage "
    "finding_confirm notice_issue rectification_review finding_accept finding_close measure_view "
    "measure_record extension_grant objection_decide figures_view bulletin_view bulletin_draft "
    "standards_view standards_edit history_import "
    "calendar_edit units_view people_view",
    Role.OFFICE_LEADER: "campaign_view campaign_approve visit_view visit_lock finding_view finding_confirm "
    "notice_issue rectification_review finding_accept finding_close measure_view measure_names lead_mark "
    "supervision_sign "
    "extension_grant extension_grant_again objection_decide figures_view bulletin_view bulletin_draft "
    "bulletin_approve standards_view units_view posts_decide recovery_decide",
    Role.UNIT_HEAD: "finding_view notice_receive statement_give rectification_draft rectification_sign",
    Role.UNIT_LIAISON: "finding_view rectification_draft",
    Role.READING_LEADER: "finding_view figures_view bulletin_view",
    Role.SYSTEM_ADMIN: "accounts_edit office_edit units_edit units_view people_view calendar_edit jobs_view "
    "posts_decide recovery_ask recovery_decide",
    Role.SECURITY_ADMIN: "roles_edit posts_decide recovery_ask units_view people_view",
    Role.AUDITOR: "audit_read",
}
ADMINISTRATION = (
    "units_view people_view accounts_edit office_edit units_edit calendar_edit jobs_view roles_edit "
    "audit_read posts_decide recovery_ask recovery_decide"
)
BUSINESS = frozenset(Permission) - {Permission(name) for name in str.split(ADMINISTRATION)}


@pytest.mark.parametrize("role", list(Role))
def test_what_a_role_may_do(role: Role) -> None:
    assert sorted(GRANTS[role]) == sorted(TABLE[role].split())


def test_every_role_has_a_name_and_every_permission_a_holder() -> None:
    assert set(ROLE_NAMES) == set(Role) == set(GRANTS)
    assert {permission for grants in GRANTS.values() for permission in grants} == set(Permission)


@pytest.mark.parametrize("role", sorted(ADMIN_ROLES))
def test_an_administrator_holds_no_business_permission(role: Role) -> None:
    assert not GRANTS[role] & BUSINESS


def test_a_post_reaches_its_unit_and_everything_below(cast: Cast) -> None:
    assert access.may(cast.east_head, Permission.FINDING_VIEW, unit=cast.east)
    assert access.may(cast.east_head, Permission.FINDING_VIEW, unit=cast.east_bureau)


def test_a_post_reaches_nothing_beside_or_above(cast: Cast) -> None:
    assert not access.may(cast.east_head, Permission.FINDING_VIEW, unit=cast.west)
    assert not access.may(cast.east_head, Permission.FINDING_VIEW, unit=cast.city)


def test_a_post_gives_only_its_roles_permissions(cast: Cast) -> None:
    assert not access.may(cast.east_head, Permission.FINDING_CONFIRM, unit=cast.east)


def test_a_neighbour_whose_path_begins_alike_is_not_below() -> None:
    top = make_unit("甲市")
    units = [make_unit(f"第{n}局", top) for n in range(1, 12)]
    head = make_user("head", "负责人")
    give_post(head, units[0], Role.UNIT_HEAD)

    assert access.reach(head, Permission.FINDING_VIEW) == ["00010001"]
    assert not access.may(head, Permission.FINDING_VIEW, unit=units[10])


@pytest.mark.parametrize(
    ("since", "until", "held"),
    [
        (TODAY, None, True),
        (TODAY, TODAY, True),
        (TODAY - DAY, TODAY - DAY, False),
        (TODAY + DAY, None, False),
    ],
)
def test_a_post_holds_from_its_first_to_its_last_day(since: date, until: date | None, held: bool) -> None:
    unit, user = make_unit("甲市"), make_user("someone", "某人")
    give_post(user, unit, Role.OFFICE_CLERK, since=since, until=until)

    assert access.holds(user, Permission.FINDING_VIEW) is held


def test_a_revoked_post_was_never_held() -> None:
    unit, user = make_unit("甲市"), make_user("someone", "某人")
    post = give_post(user, unit, Role.OFFICE_CLERK, since=TODAY, until=TODAY)
    Post.objects.filter(pk=post.pk).update(is_revoked=True)

    assert not access.holds(user, Permission.FINDING_VIEW)


def test_a_stranger_and_a_closed_account_reach_nothing(cast: Cast) -> None:
    cast.clerk.is_active = False

    assert access.reach(AnonymousUser(), Permission.FINDING_VIEW) == []
    assert access.reach(cast.clerk, Permission.FINDING_VIEW) == []


def test_reach_keeps_only_the_outermost_branches(cast: Cast) -> None:
    give_post(cast.east_head, cast.east_bureau, Role.UNIT_HEAD)

    assert access.reach(cast.east_head, Permission.FINDING_VIEW) == [cast.east.path]


def test_posts_over_branches_beside_each_other_reach_both(cast: Cast) -> None:
    give_post(cast.west_head, cast.east_bureau, Role.UNIT_HEAD)

    assert access.reach(cast.west_head, Permission.FINDING_VIEW) == sorted(
        [cast.east_bureau.path, cast.west.path]
    )
    seen = access.visible(Unit.objects.all(), cast.west_head, Permission.FINDING_VIEW, path_field="path")
    assert set(seen) == {cast.east_bureau, cast.west}


def test_reach_can_be_asked_for_some_roles_only(cast: Cast) -> None:
    give_post(cast.clerk, cast.east, Role.UNIT_HEAD)
    as_head = {"roles": [Role.UNIT_HEAD]}

    assert access.reach(cast.clerk, Permission.FINDING_VIEW, **as_head) == [cast.east.path]
    assert access.reach(cast.clerk, Permission.FINDING_CONFIRM, **as_head) == []
    within = access.within(cast.clerk, Permission.FINDING_VIEW, path_field="path", **as_head)
    assert set(Unit.objects.filter(within)) == {cast.east, cast.east_bureau}


def test_posts_are_read_once_a_person_with_their_units_and_in_the_order_given(
    cast: Cast, django_assert_num_queries
) -> None:
    later = give_post(cast.east_head, cast.west, Role.UNIT_LIAISON)
    user = User.objects.get(pk=cast.east_head.pk)

    with django_assert_num_queries(1):
        posts = access.posts_of(user)
        assert [post.unit.name for post in posts] == ["东区", "西区"]
        assert {post.user.home_unit.name for post in posts} == {"东区"}
        assert access.posts_of(user)[-1] == later


def test_posts_that_came_along_with_the_person_are_kept_in_the_order_given(cast: Cast) -> None:
    later = give_post(cast.east_head, cast.west, Role.UNIT_LIAISON)
    user = User.objects.get(pk=cast.east_head.pk)

    access.remember_posts(user, [later, Post.objects.get(user=user, unit=cast.east)])

    assert [post.unit for post in access.posts_of(user)] == [cast.east, cast.west]


def test_a_post_given_meanwhile_counts_once_what_was_read_is_forgotten(cast: Cast) -> None:
    assert not access.holds(cast.inspector, Permission.FINDING_CONFIRM)
    give_post(cast.inspector, cast.city, Role.OFFICE_CLERK)
    assert not access.holds(cast.inspector, Permission.FINDING_CONFIRM)

    access.forget_posts(cast.inspector)

    assert access.holds(cast.inspector, Permission.FINDING_CONFIRM)


def test_what_is_known_of_a_person_is_kept_behind_the_requests_proxy(
    cast: Cast, django_assert_num_queries
) -> None:
    user = User.objects.get(pk=cast.clerk.pk)
    access.posts_of(SimpleLazyObject(lambda: user))  # type: ignore[arg-type]

    with django_assert_num_queries(0):
        assert access.roles_of(user) == {Role.OFFICE_CLERK}


def test_the_roles_of_a_person_stand_in_the_order_of_the_list_of_roles(cast: Cast) -> None:
    give_post(cast.auditor, cast.city, Role.UNIT_HEAD)
    give_post(cast.auditor, cast.city, Role.INSPECTOR)

    assert access.role_names(cast.auditor) == ["检查人员", "单位主要负责人", "审计员"]
    assert access.role_names(AnonymousUser()) == []


def test_require_refuses_with_a_sentence(cast: Cast) -> None:
    with pytest.raises(Forbidden, match="没有办理这件事的权限"):
        access.require(cast.east_head, Permission.FINDING_VIEW, unit=cast.west)


def test_require_lets_the_holder_pass(cast: Cast) -> None:
    access.require(cast.clerk, Permission.FINDING_CONFIRM, unit=cast.west)


def test_require_without_a_unit_asks_for_the_permission_anywhere(cast: Cast) -> None:
    access.require(cast.east_head, Permission.FINDING_VIEW)

    with pytest.raises(Forbidden, match="没有办理这件事的权限"):
        access.require(cast.east_head, Permission.FINDING_CONFIRM)


def test_what_concerns_the_whole_city_is_refused_below_the_city(cast: Cast) -> None:
    give_post(cast.east_head, cast.east, Role.OFFICE_CLERK)

    with pytest.raises(Forbidden, match="只能由市一级的岗位办理"):
        access.require_everywhere(cast.east_head, Permission.STANDARDS_EDIT)
    with pytest.raises(Forbidden, match="没有办理这件事的权限"):
        access.require_everywhere(cast.west_head, Permission.STANDARDS_EDIT)


def test_what_concerns_the_whole_city_is_done_by_a_post_over_the_city(cast: Cast) -> None:
    access.require_everywhere(cast.clerk, Permission.STANDARDS_EDIT)


def test_rows_outside_the_reach_are_not_in_the_queryset(cast: Cast) -> None:
    seen = access.visible(Unit.objects.all(), cast.east_head, Permission.FINDING_VIEW, path_field="path")

    assert set(seen) == {cast.east, cast.east_bureau}


def test_without_a_post_nothing_is_visible(cast: Cast) -> None:
    nobody = make_user("nobody", "无岗")

    assert not access.visible(Unit.objects.all(), nobody, Permission.FINDING_VIEW, path_field="path").exists()


def test_holders_are_found_at_the_unit_and_above(cast: Cast) -> None:
    found = access.holders(permission=Permission.NOTICE_RECEIVE, unit=cast.east_bureau, day=TODAY)

    assert list(found) == [cast.east_head]


def test_holders_are_those_of_the_day_whose_accounts_are_open_by_name(cast: Cast) -> None:
    User.objects.filter(pk=cast.third_clerk.pk).update(is_active=False)
    Post.objects.filter(user=cast.fourth_clerk).update(until=TODAY - DAY)
    give_post(make_user("east_clerk", "东区经办"), cast.east, Role.OFFICE_CLERK)
    Post.objects.filter(user=cast.clerk).delete()
    give_post(cast.clerk, cast.city, Role.OFFICE_CLERK)

    def names(unit: Unit, day: date) -> list[str]:
        found = access.holders(permission=Permission.CAMPAIGN_PLAN, unit=unit, day=day)
        return list(found.values_list("name", flat=True))

    assert names(cast.city, TODAY) == sorted(["经办甲", "经办乙"])
    assert names(cast.west, TODAY - DAY) == sorted(["经办甲", "经办乙", "经办丁"])
    assert names(cast.east_bureau, TODAY) == sorted(["经办甲", "经办乙", "东区经办"])


def test_belonging_goes_by_home_or_by_a_unit_side_post(cast: Cast) -> None:
    assert access.belongs_to(person=cast.east_head, unit=cast.east)
    assert not access.belongs_to(person=cast.clerk, unit=cast.east)
    assert access.belongs_to(person=make_user("clerk9", "审批员", home=cast.east_bureau), unit=cast.east)


def test_a_unit_side_post_belongs_there_and_a_post_of_the_office_does_not(cast: Cast) -> None:
    lent = make_user("lent", "挂职干部", home=cast.bureau)
    give_post(lent, cast.east_bureau, Role.UNIT_LIAISON)
    give_post(lent, cast.west, Role.INSPECTOR)

    assert access.belongs_to(person=lent, unit=cast.east)
    assert not access.belongs_to(person=lent, unit=cast.west)
    assert not access.belongs_to(person=make_user("nowhere", "无单位"), unit=cast.east)


def test_who_heads_the_unit_above_does_not_belong_to_the_unit_below(cast: Cast) -> None:
    assert not access.belongs_to(person=cast.east_head, unit=cast.east_bureau)


def test_a_subordinate_answers_to_all_above(cast: Cast) -> None:
    middle = make_user("middle", "科长", superior=cast.leader)
    clerk = make_user("lower", "科员", superior=middle)

    assert access.answers_to(person=clerk, superior_ids=frozenset({cast.leader.pk}))
    assert access.answers_to(person=clerk, superior_ids=frozenset({middle.pk}))
    assert not access.answers_to(person=cast.leader, superior_ids=frozenset({clerk.pk}))
    assert not access.answers_to(person=clerk, superior_ids=frozenset({clerk.pk}))


def test_a_circle_of_superiors_ends(cast: Cast) -> None:
    User.objects.filter(pk=cast.clerk.pk).update(superior=cast.leader)
    User.objects.filter(pk=cast.leader.pk).update(superior=cast.clerk)

    assert not access.answers_to(person=User.objects.get(pk=cast.clerk.pk), superior_ids=frozenset({-1}))


@pytest.mark.parametrize(
    ("path", "end"), [("0001", "0002"), ("00019999", "00020000"), ("9998", "9999"), ("9999", "9999:")]
)
def test_the_range_of_a_branch_ends_before_its_neighbour(path: str, end: str) -> None:
    assert tree.end_of(path) == end


@pytest.mark.parametrize("number", [0, 10_000])
def test_a_unit_has_room_for_9999_children(number: int) -> None:
    with pytest.raises(ValueError, match="1 to 9999"):
        tree.child_path(parent="0001", number=number)


@pytest.mark.parametrize(
    ("parent", "number", "path"), [("", 1, "0001"), ("0001", 12, "00010012"), ("0001", 9999, "00019999")]
)
def test_a_child_stands_below_its_parent_by_its_number(parent: str, number: int, path: str) -> None:
    assert tree.child_path(parent=parent, number=number) == path


def test_the_line_to_a_unit_begins_at_the_top() -> None:
    assert tree.line_to("000100020003") == ["0001", "00010002", "000100020003"]


def test_a_branch_is_found_by_the_index() -> None:
    top = make_unit("甲市")
    Unit.objects.bulk_create(
        Unit(code=f"X{n}", name=f"单位{n}", parent=top, path=tree.child_path(parent=top.path, number=n))
        for n in range(1, 3001)
    )
    branch = Unit.objects.get(code="X7")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE people_unit")

    plan = Unit.objects.under(branch).explain()

    assert "SEARCH people_unit USING INDEX" in plan or "Index" in plan
    assert "SCAN people_unit" not in plan and "Seq Scan" not in plan
    assert "(path>? AND path<?)" in plan or "path)::text >=" in plan


def rows_and_text(user: User) -> tuple[set[str], str]:
    """Names of the units the person reaches, and the question asked for them."""
    rows = Unit.objects.filter(access.within(user, Permission.FINDING_VIEW, path_field="path"))
    return set(rows.values_list("name", flat=True)), str(rows.query)


def test_a_unit_without_units_below_is_told_by_its_key_and_the_rows_are_the_same(cast: Cast) -> None:
    alone, branch = Accounts().get_user(cast.west_head.pk), Accounts().get_user(cast.east_head.pk)
    assert alone is not None and branch is not None

    assert rows_and_text(alone)[0] == rows_and_text(cast.west_head)[0] == {cast.west.name}
    assert "path" not in rows_and_text(alone)[1].partition("WHERE")[2]
    assert (
        rows_and_text(branch)[0]
        == rows_and_text(cast.east_head)[0]
        == {
            cast.east.name,
            cast.east_bureau.name,
        }
    )


def test_nobody_looks_for_heads_below_a_unit_that_has_none_below(
    cast: Cast, django_assert_num_queries
) -> None:
    alone = Accounts().get_user(cast.west_head.pk)
    assert alone is not None

    with django_assert_num_queries(0):
        assert access.heads_below(alone) == []
