"""Every URL of the house has a row in the table of doors, and the doorkeeper keeps to it, role by role."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, path, reverse

from conduct import clock
from conduct import urls as roof
from conduct.models import AuditEntry
from people.doors import Door, reads
from people.middleware import table
from people.models import User
from people.roles import Permission, Role
from tests.factories.cast import AT, Cast, give_post, make_user, stand_up
from tests.house import world
from tests.house.world import World

EXAMPLES = {
    "int": "999999999",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "str": "x",
    "slug": "x",
    "path": "x",
}
ARGUMENT = re.compile(r"<(?:(\w+):)?\w+>")
# Open without an account: every one of these is meant.
PUBLIC = {"login", "sign_in_code", "people:healthz", "people:readyz", "people:setup", "reports:feed"}

# What GET answers: (a stranger, the unit concerned, another unit, the office).
EVERYONE = (302, 200, 200, 200)
OFFICE = (302, 403, 403, 200)
NOT_THEIRS = (302, 403, 403, 403)
NOTHING_CHOSEN = (302, 403, 403, 302)
POST_ONLY = (404, 404, 404, 404)
ANSWERS: dict[str, tuple[int, int, int, int]] = {
    "login": (200, 200, 200, 200),
    "sign_in_code": (302, 302, 302, 302),
    "logout": POST_ONLY,
    "password_change": EVERYONE,
    "password_change_done": EVERYONE,
    "people:healthz": (200, 200, 200, 200),
    "people:readyz": (200, 200, 200, 200),
    "people:setup": (404, 404, 404, 404),
    "people:accounts": NOT_THEIRS,
    "people:account_new": NOT_THEIRS,
    "people:audit": NOT_THEIRS,
    "people:reads": NOT_THEIRS,
    "people:chain": NOT_THEIRS,
    "people:chain_verify": POST_ONLY,
    "people:recoveries": NOT_THEIRS,
    "people:recovery_new": NOT_THEIRS,
    "people:sittings": EVERYONE,
    "people:second_factor": EVERYONE,
    "people:second_factor_change": POST_ONLY,
    "people:held": EVERYONE,
    "people:give_code": (302, 404, 404, 404),
    "people:messages": EVERYONE,
    "people:message_count": EVERYONE,
    "people:messages_read": POST_ONLY,
    "people:message_settings": EVERYONE,
    "people:message_trial": POST_ONLY,
    "people:deliveries": NOT_THEIRS,
    "people:calendar": OFFICE,
    "people:calendar_import": OFFICE,
    "people:calendar_template": OFFICE,
    "people:jobs": NOT_THEIRS,
    "people:office": NOT_THEIRS,
    "people:posts": NOT_THEIRS,
    "people:post_new": NOT_THEIRS,
    "people:post_changes": NOT_THEIRS,
    "people:units": NOT_THEIRS,
    "people:unit_new": NOT_THEIRS,
    "people:unit_import": NOT_THEIRS,
    "people:unit_template": NOT_THEIRS,
    "people:unit_search": OFFICE,
    "people:user_search": OFFICE,
    "inspections:campaign_list": OFFICE,
    "inspections:campaign_search": OFFICE,
    "inspections:campaign_new": OFFICE,
    "inspections:campaign_units": OFFICE,
    "inspections:visit_list": OFFICE,
    "inspections:visit_new": NOT_THEIRS,
    "inspections:visit_depart": POST_ONLY,
    "inspections:indicator_search": OFFICE,
    "inspections:standards": OFFICE,
    "inspections:rules_import": OFFICE,
    "inspections:rules_template": OFFICE,
    "findings:list": EVERYONE,
    "findings:filters": EVERYONE,
    "findings:unit_search": EVERYONE,
    "findings:columns": EVERYONE,
    "findings:print": EVERYONE,
    "findings:exports": EVERYONE,
    "findings:views": EVERYONE,
    "findings:notice_list": EVERYONE,
    "findings:part_list": (302, 200, 200, 403),
    "findings:supervision_list": OFFICE,
    "findings:worklist": OFFICE,
    "findings:set_aside": POST_ONLY,
    "findings:set_aside_list": OFFICE,
    "findings:take_back": POST_ONLY,
    "findings:raise": NOTHING_CHOSEN,
    "findings:merge": NOTHING_CHOSEN,
    "findings:notice_issue": NOTHING_CHOSEN,
    "findings:batch_confirm": OFFICE,
    "findings:batch_issue": OFFICE,
    "findings:batch_receive": (302, 200, 200, 403),
    "findings:batch_pass": OFFICE,
    "findings:batch_close": OFFICE,
    "findings:routes": OFFICE,
    "findings:lead_list": NOT_THEIRS,
    "findings:history_import": OFFICE,
    "findings:history_template": OFFICE,
    "findings:ledger_import": OFFICE,
    "findings:ledger_template": OFFICE,
    "accountability:list": OFFICE,
    "accountability:catalogue": OFFICE,
    "reports:home": EVERYONE,
    "reports:search": EVERYONE,
    "reports:deadlines": EVERYONE,
    "reports:feed_settings": EVERYONE,
    "reports:dashboard": OFFICE,
    "reports:bulletin_list": OFFICE,
    "reports:bulletin_new": OFFICE,
    "reports:schedules": OFFICE,
    "reports:correction_list": OFFICE,
}


# What GET answers about one row of the East: (a stranger, the unit, another unit, another county's office, the
# office). Who sees the row but may not answers 403; for whom it does not exist, 404.
STEP = (404, 404, 404, 404, 404)
NONE_OF_THEM = (302, 403, 403, 403, 403)
EVERY_OFFICE = (302, 403, 403, 200, 200)
THE_OFFICE = (302, 403, 403, 404, 200)
# The report is handed in: forms of the unit lead back to the finding.
THE_UNIT = (302, 302, 404, 403, 403)
BOTH_SIDES = (302, 200, 404, 404, 200)
OF_ONE_ROW: dict[str, tuple[int, int, int, int, int]] = {
    "people:unit_detail": NONE_OF_THEM,
    "people:unit_merge": NONE_OF_THEM,
    "people:account_detail": NONE_OF_THEM,
    "people:account_switch": STEP,
    "people:account_reset": STEP,
    "people:post_end": NONE_OF_THEM,
    "people:post_change": NONE_OF_THEM,
    "people:post_change_decide": STEP,
    "people:recovery_detail": NONE_OF_THEM,
    "people:recovery_decide": STEP,
    "people:calendar_year": EVERY_OFFICE,
    "people:calendar_change": EVERY_OFFICE,
    "people:calendar_undo": STEP,
    "people:job_detail": NONE_OF_THEM,
    "people:job_retry": STEP,
    # A person's own: the office does not read what the unit was told.
    "people:message": (302, 200, 404, 404, 404),
    "people:delivery_retry": STEP,
    "inspections:campaign_detail": THE_OFFICE,
    "inspections:campaign_edit": (302, 403, 403, 404, 302),
    "inspections:campaign_move": STEP,
    "inspections:visit_detail": THE_OFFICE,
    "inspections:visit_edit": NONE_OF_THEM,
    "inspections:visit_sign": STEP,
    "inspections:visit_correct": STEP,
    "inspections:visit_sheet": THE_OFFICE,
    "inspections:visit_move": STEP,
    "inspections:visit_photo": THE_OFFICE,
    "inspections:visit_thumb": THE_OFFICE,
    "inspections:standards_publish": EVERY_OFFICE,
    "inspections:standards_export": EVERY_OFFICE,
    "findings:detail": BOTH_SIDES,
    "findings:terms": BOTH_SIDES,
    # A person's own view and workbook.
    "findings:view": (302, 404, 404, 404, 200),
    "findings:view_drop": STEP,
    "findings:export": (302, 404, 404, 404, 200),
    "findings:export_xlsx": (302, 404, 404, 404, 200),
    "findings:story": BOTH_SIDES,
    "reports:feed": (200, 200, 200, 200, 200),
    "reports:case_files": THE_OFFICE,
    "reports:case_file_pdf": THE_OFFICE,
    "findings:extension_ask": THE_UNIT,
    "findings:extension": BOTH_SIDES,
    "findings:object": THE_UNIT,
    "findings:objection": BOTH_SIDES,
    "findings:objection_evidence": BOTH_SIDES,
    "findings:triage": THE_OFFICE,
    "findings:split": THE_OFFICE,
    "findings:ask_statement": STEP,
    "findings:statement": THE_UNIT,
    "findings:hear": THE_OFFICE,
    "findings:liaison": STEP,
    "findings:rectify": THE_UNIT,
    "findings:rectification_sign": THE_UNIT,
    "findings:plan": BOTH_SIDES,
    "findings:plan_edit": THE_UNIT,
    "findings:plan_move": STEP,
    "findings:item_done": THE_UNIT,
    "findings:item_attachment": BOTH_SIDES,
    "findings:progress": BOTH_SIDES,
    "findings:part": BOTH_SIDES,
    "findings:part_add": (302, 403, 403, 404, 302),
    "findings:part_move": STEP,
    "findings:part_attachment": BOTH_SIDES,
    "findings:transfer_ask": THE_UNIT,
    "findings:transfer": BOTH_SIDES,
    "findings:transfer_move": STEP,
    "findings:supervision": BOTH_SIDES,
    "findings:supervision_pdf": BOTH_SIDES,
    "findings:supervision_move": STEP,
    "findings:review": THE_OFFICE,
    "findings:accept": THE_OFFICE,
    "findings:pair_photo": BOTH_SIDES,
    "findings:lead": NONE_OF_THEM,
    # Known to the clerk who keeps it.
    "findings:revisit": THE_OFFICE,
    "findings:revisit_move": STEP,
    "findings:evidence": BOTH_SIDES,
    "findings:move": STEP,
    "findings:notice_detail": BOTH_SIDES,
    "findings:notice_pdf": BOTH_SIDES,
    "findings:receive": STEP,
    "findings:attachment": BOTH_SIDES,
    "findings:attachment_remove": STEP,
    **dict.fromkeys(
        (
            *("accountability:of_finding", "accountability:record", "accountability:detail"),
            *("accountability:name", "accountability:attachment", "accountability:correct"),
        ),
        THE_OFFICE,
    ),
    "accountability:withdraw": STEP,
    "reports:bulletin_detail": THE_OFFICE,
    "reports:bulletin_pdf": THE_OFFICE,
    "reports:bulletin_move": STEP,
    "reports:correction_detail": BOTH_SIDES,
    "reports:correction_pdf": BOTH_SIDES,
    "reports:correction_move": STEP,
    "reports:corrections_of_notice": BOTH_SIDES,
    "reports:job": THE_OFFICE,
    "reports:job_retry": STEP,
}


def routes() -> Iterator[tuple[str, str]]:
    """Every URL of the house: its name, and its route."""

    def walk(patterns: list[URLPattern | URLResolver], space: str, before: str) -> Iterator[tuple[str, str]]:
        for pattern in patterns:
            place = before + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
                yield from walk(pattern.url_patterns, inner, place)
            else:
                yield space + (pattern.name or ""), place

    yield from walk(get_resolver("conduct.urls").url_patterns, "", "/")


def filled(route: str) -> str:
    """An address of the route, with arguments that lead to nothing."""
    return ARGUMENT.sub(lambda found: EXAMPLES[found[1] or "str"], route)


ROUTES = sorted((name, filled(route)) for name, route in routes())
PLAIN = sorted((name, route) for name, route in routes() if not ARGUMENT.search(route))


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_every_url_has_a_name_and_a_row() -> None:
    assert [address for name, address in ROUTES if name not in table()] == []


def test_every_row_names_a_url() -> None:
    assert sorted(set(table()) - {name for name, _ in ROUTES}) == []


def test_exactly_these_doors_are_public() -> None:
    assert {name for name, door in table().items() if door.public} == PUBLIC


def test_no_administrator_may_enter_a_business_door() -> None:
    """Three administrators see no business data; what they share with everyone is the front page."""
    admins = {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR}

    assert [
        name
        for name, door in table().items()
        if not name.startswith("people:") and (door.get | door.post) & admins
    ] == []


def test_the_auditor_may_send_nothing_but_the_wish_to_verify() -> None:
    """A verification reads everything and changes nothing of anybody's business."""
    assert [name for name, door in table().items() if Role.AUDITOR in door.post] == ["people:chain_verify"]


@pytest.mark.django_db
def test_what_strangers_units_and_the_office_get_from_each_page() -> None:
    cast = stand_up()
    askers = [Client(), *(signed_in(user) for user in (cast.east_head, cast.west_head, cast.clerk))]

    answers = {name: tuple(client.get(address).status_code for client in askers) for name, address in PLAIN}

    assert answers == ANSWERS


@pytest.mark.django_db
def test_the_world_has_a_row_for_every_url_with_arguments() -> None:
    assert sorted(world.build().arguments) == sorted(
        {name for name, _ in ROUTES} - {name for name, _ in PLAIN}
    )


@pytest.fixture
def built(db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    """One of everything, on the cast's Monday."""
    monkeypatch.setattr(clock, "now", lambda: AT)
    return world.build()


def office_of_the_west(cast: Cast) -> User:
    """A clerk whose office reaches the West only."""
    user = make_user("west_clerk", "西区经办", home=cast.west)
    give_post(user, cast.west, Role.OFFICE_CLERK)
    return user


def test_what_each_side_gets_from_the_page_of_one_row(built: World) -> None:
    cast = built.cast
    users = (cast.east_head, cast.west_head, office_of_the_west(cast), cast.clerk)
    askers = [Client(), *(signed_in(user) for user in users)]

    answers = {
        name: tuple(client.get(reverse(name, args=args)).status_code for client in askers)
        for name, args in built.arguments.items()
    }

    assert answers == OF_ONE_ROW


@pytest.mark.parametrize("side", ["unit", "office"])
def test_the_west_changes_nothing_of_the_east(built: World, side: str) -> None:
    cast = built.cast
    client = signed_in(cast.west_head if side == "unit" else office_of_the_west(cast))
    before = AuditEntry.objects.count()

    answers = {
        name: client.post(reverse(name, args=args)).status_code
        for name, args in built.arguments.items()
        if not name.startswith(("people:", "inspections:standards"))
    }

    assert {name: code for name, code in answers.items() if code not in (403, 404)} == {}
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize("who", ["system_admin", "security_admin", "auditor"])
def test_an_administrator_gets_no_row_of_business(built: World, who: str) -> None:
    client = signed_in(getattr(built.cast, who))

    answers = {
        (method, name): getattr(client, method)(reverse(name, args=args)).status_code
        for name, args in built.arguments.items()
        for method in ("get", "post")
        # A public door asks nobody who they are.
        if not name.startswith("people:") and name not in PUBLIC
    }

    assert {what: code for what, code in answers.items() if code not in (403, 404)} == {}


def test_the_auditor_changes_nothing(built: World) -> None:
    client = signed_in(built.cast.auditor)
    before = AuditEntry.objects.count()

    codes = {client.post(reverse(name, args=args)).status_code for name, args in built.arguments.items()}

    assert codes == {403, 404}
    assert AuditEntry.objects.count() == before


def person(role: Role, cast: Cast) -> User:
    user = make_user(f"the_{role.value}", "某人", home=cast.bureau)
    give_post(user, cast.city, role)
    return user


@pytest.mark.django_db
@pytest.mark.parametrize("role", list(Role))
def test_the_doorkeeper_keeps_to_the_table(role: Role) -> None:
    client = signed_in(person(role, stand_up()))
    surprises = []

    for name, address in ROUTES:
        door = table()[name]
        for method in ("get", "post"):
            code = getattr(client, method)(address).status_code
            if not fits(door, method.upper(), role, code):
                surprises.append(f"{method} {name}: {code}")
        client.force_login(User.objects.get(username=f"the_{role.value}"))

    assert surprises == []


def fits(door: Door, method: str, role: Role, code: int) -> bool:
    if method not in door.methods:
        return code == 404
    if not door.admits(method, frozenset({role})):
        return code == 403
    return code != 403 and code < 500


@pytest.mark.django_db
def test_a_stranger_is_sent_to_sign_in_from_every_door_that_is_not_public() -> None:
    stand_up()
    client = Client()

    for name, address in ROUTES:
        if name not in PUBLIC and "GET" in table()[name].methods:
            answer = client.get(address)
            assert answer.status_code == 302 and answer.url.startswith(reverse("login")), name


@pytest.mark.django_db
def test_a_page_without_a_row_does_not_exist(settings, monkeypatch) -> None:
    cast = stand_up()
    monkeypatch.setattr(
        roof, "urlpatterns", [*roof.urlpatterns, path("unlisted/", unlisted, name="unlisted")]
    )
    settings.ROOT_URLCONF = tuple(roof.urlpatterns)

    assert signed_in(cast.clerk).get("/unlisted/").status_code == 404


def unlisted(request):
    raise AssertionError("the doorkeeper let a request through to a page without a row")


def test_a_door_for_readers_takes_no_post() -> None:
    door = reads(Permission.JOBS_VIEW)

    assert door.methods == {"GET", "HEAD"}
    assert not door.admits("GET", frozenset({Role.AUDITOR}))
