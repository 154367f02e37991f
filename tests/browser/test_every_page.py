"""Every page one can call by its name alone and no walk comes past: readable, whole, in Chinese."""

from __future__ import annotations

import pytest
from django.urls import NoReverseMatch, reverse

from conduct.policy import DOORS
from inspections.actions import standards
from people import access
from people.models import User
from tests.browser.conftest import Enter, Look
from tests.factories.cast import Cast, stand_up
from tests.factories.findings import Line, routes
from tests.factories.inspections import approved_campaign, locked_visit, seen_playing

pytestmark = pytest.mark.usefixtures("monday")
# Fragments, files, and pages that need something chosen before.
NOT_PAGES = (
    "search",
    "template",
    "filters",
    "campaign_units",
    "healthz",
    "readyz",
    "logout",
    "login",
    "message_count",
)
# Looked at on a walk of their own, or only with something chosen.
ELSEWHERE = {
    "people:setup",
    "people:second_factor",
    "people:second_factor_change",
    "people:give_code",
    "people:held",
    "people:sittings",
    "people:recoveries",
    "people:recovery_new",
    "sign_in_code",
    "people:accounts",
    "people:audit",
    "people:account_new",
    "people:posts",
    "people:post_new",
    "inspections:campaign_list",
    "inspections:campaign_new",
    "inspections:visit_list",
    "inspections:visit_new",
    "findings:list",
    "findings:worklist",
    "findings:raise",
    "findings:merge",
    "findings:notice_issue",
    "password_change",
    "password_change_done",
    "reports:home",
    "reports:dashboard",
    "reports:bulletin_list",
    "reports:bulletin_new",
    "reports:schedules",
}


def pages_of(user: User) -> list[str]:
    """Names of the pages this person may call without more words."""
    roles = access.roles_of(user)
    return [
        name
        for name, door in DOORS.items()
        if name not in ELSEWHERE
        and not name.endswith(NOT_PAGES)
        and door.admits("GET", roles)
        and "GET" in door.methods
        and _stands_alone(name)
    ]


def _stands_alone(name: str) -> bool:
    try:
        reverse(name)
    except NoReverseMatch:
        return False
    return True


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    standards.load_shipped()
    routes()
    cast = stand_up()
    locked_visit(cast, seen_playing())
    approved_campaign(cast, title="夏季会风会纪检查")
    line = Line(cast)
    line.submitted(unit=cast.east)
    line.assigned(unit=cast.east)
    return cast


@pytest.mark.parametrize("who", ["clerk", "system_admin"])
def test_every_page_can_be_read_by_everyone(cast: Cast, enter: Enter, look: Look, who: str) -> None:
    user = getattr(cast, who)
    page = enter(user)
    wrong = []

    for name in pages_of(user):
        answer = page.goto(reverse(name))
        assert answer is not None
        if answer.status != 200:
            wrong.append(f"{name}: {answer.status}")
            continue
        look(page, f"10-{who}-{name.replace(':', '-')}")

    assert wrong == []
