"""What all units share is decided by posts over the whole tree; a county's post decides within its county."""

from __future__ import annotations

import pytest

from conduct.calendar import book as calendar
from conduct.errors import Forbidden
from findings.actions import routes
from findings.models import Route
from inspections.actions import standards
from inspections.models import Taxonomy
from people.actions import accounts, units
from people.actions import calendar as calendar_actions
from people.models import Unit, User
from people.roles import Role
from tests.factories.cast import AT, Cast, give_post, make_user
from tests.people.granting import end, give

pytestmark = pytest.mark.django_db


def of_the_east(cast: Cast, role: Role) -> User:
    person = make_user(f"east_{role}_only", "东区某人", home=cast.east)
    give_post(person, cast.east, role)
    return person


def test_a_countys_clerk_does_not_change_the_terms_of_the_whole_city(cast: Cast) -> None:
    route = Route.objects.get(code="limited")

    with pytest.raises(Forbidden, match="只能由市一级的岗位办理"):
        routes.change_days(route=route, working_days=99, by=of_the_east(cast, Role.OFFICE_CLERK), at=AT)


def test_a_countys_clerk_does_not_publish_the_standards(cast: Cast) -> None:
    with pytest.raises(Forbidden, match="只能由市一级的岗位办理"):
        standards.publish(
            scheme=Taxonomy.Scheme.SPEECH,
            nodes=[],
            title="改",
            by=of_the_east(cast, Role.OFFICE_CLERK),
            at=AT,
        )


def test_a_countys_clerk_does_not_change_the_calendar(cast: Cast) -> None:
    with pytest.raises(Forbidden, match="只能由市一级的岗位办理"):
        calendar_actions.save_year(
            draft=calendar.draft_of(2026), expected=1, by=of_the_east(cast, Role.OFFICE_CLERK), at=AT
        )


def test_a_countys_system_administrator_takes_over_no_account(cast: Cast) -> None:
    with pytest.raises(Forbidden, match="只能由市一级的岗位办理"):
        accounts.reset_password(user=cast.leader, by=of_the_east(cast, Role.SYSTEM_ADMIN), at=AT)


def test_a_countys_security_administrator_gives_posts_in_the_county_only(cast: Cast) -> None:
    guard = of_the_east(cast, Role.SECURITY_ADMIN)
    newcomer = make_user("newcomer", "新来的", home=cast.east)

    with pytest.raises(Forbidden):
        give(cast, user=newcomer, role=Role.OFFICE_LEADER, by=guard)
    given = give(cast, user=newcomer, unit=cast.east_bureau, role=Role.UNIT_LIAISON, by=guard)

    assert given.unit == cast.east_bureau


def test_a_countys_security_administrator_ends_no_post_of_the_city(cast: Cast) -> None:
    guard = of_the_east(cast, Role.SECURITY_ADMIN)

    with pytest.raises(Forbidden):
        end(cast, cast.clerk.posts.get(), by=guard)


def test_a_countys_system_administrator_adds_units_under_the_county_only(cast: Cast) -> None:
    keeper = of_the_east(cast, Role.SYSTEM_ADMIN)

    with pytest.raises(Forbidden):
        units.add(parent=cast.west, code="W-9", name="西区新局", by=keeper, at=AT)
    added = units.add(parent=cast.east, code="E-9", name="东区新局", by=keeper, at=AT)

    assert Unit.objects.get(code="E-9") == added
