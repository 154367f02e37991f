"""Approving, signing and exporting take a code of their own: what was sent waits for it and goes through once."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from conduct.errors import Refused
from conduct.models import AuditEntry
from findings.moves.finding import TABLE as FINDING_MOVES
from findings.moves.supervision import TABLE as SUPERVISION_MOVES
from findings.moves.transfer import TABLE as TRANSFER_MOVES
from inspections.moves.campaigns import TABLE as CAMPAIGN_MOVES
from people import matters
from people.actions import held as acts
from people.middleware import table
from people.models import HeldForm, PostChange
from people.moves.post_change import TABLE as POST_MOVES
from people.moves.recovery import TABLE as RECOVERY_MOVES
from people.roles import Role
from reports.moves.bulletin import TABLE as BULLETIN_MOVES
from tests.factories.cast import AT, Cast, give_post, make_user
from tests.factories.inspections import submitted_campaign
from tests.factories.signing import bind, code_of, signed_in_with_code, wrong_code

pytestmark = pytest.mark.django_db
GIVE = "people:post_new"


@pytest.fixture
def client(cast: Cast) -> Client:
    """The security administrator, come in with password and code."""
    bind(cast.security_admin)
    return signed_in_with_code(cast.security_admin)


def wish(cast: Cast, **changes: str) -> dict[str, str]:
    given = {"user": "经办甲（clerk）", "role": "inspector", "unit": cast.west.code, "since": "2026-03-02"}
    return given | {"until": "", "reason": "工作安排"} | changes


def form_of(answer) -> str:
    return answer.url.partition("form=")[2]


def confirm(client: Client, form: str, code: str, *, address: str = ""):
    return client.post(address or reverse(GIVE), {"held_form": form, "one_time_code": code})


def asked(cast: Cast) -> int:
    return PostChange.objects.filter(user=cast.clerk, role=Role.INSPECTOR).count()


def test_nothing_is_done_before_the_code(cast: Cast, client: Client) -> None:
    answer = client.post(reverse(GIVE), wish(cast))

    assert answer.url.startswith(reverse("people:give_code"))
    assert asked(cast) == 0


def test_the_page_says_what_is_about_to_be_done_and_what_was_typed(cast: Cast, client: Client) -> None:
    waiting = client.post(reverse(GIVE), wish(cast))

    page = client.get(waiting.url).content.decode()

    assert "提请授予岗位，请输入动态口令" in page
    assert "经办甲（clerk）" in page


def test_with_the_code_the_act_goes_through(cast: Cast, client: Client) -> None:
    waiting = client.post(reverse(GIVE), wish(cast))

    answer = confirm(client, form_of(waiting), code_of(cast.security_admin))

    assert answer.url == reverse("people:posts")
    assert asked(cast) == 1


def test_the_form_of_the_page_is_all_it_takes(cast: Cast, client: Client) -> None:
    """Without script: the page's own form, as the browser sends it."""
    waiting = client.post(reverse(GIVE), wish(cast))
    page = client.get(waiting.url).content.decode()
    action = re.search(r'<form method="post" action="([^"]+)" id="code-form"', page)
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]+)"', page))

    client.post(action[1], {**hidden, "one_time_code": code_of(cast.security_admin)})

    assert asked(cast) == 1


def test_the_same_form_goes_through_once(cast: Cast, client: Client) -> None:
    form = form_of(client.post(reverse(GIVE), wish(cast)))
    confirm(client, form, code_of(cast.security_admin))

    again = confirm(client, form, code_of(cast.security_admin))

    assert again.status_code == 404
    assert asked(cast) == 1


def test_of_two_who_take_a_form_out_one_gets_it(cast: Cast, client: Client) -> None:
    client.post(reverse(GIVE), wish(cast))
    form = HeldForm.objects.get()
    acts.take(form=form, at=AT)

    with pytest.raises(Refused, match="已经提交过"):
        acts.take(form=form, at=AT)


def test_a_wrong_code_does_nothing_and_asks_again(cast: Cast, client: Client) -> None:
    form = form_of(client.post(reverse(GIVE), wish(cast)))

    answer = confirm(client, form, wrong_code(cast.security_admin))

    assert answer.status_code == 422
    assert "动态口令不正确" in answer.content.decode()
    assert asked(cast) == 0
    assert AuditEntry.objects.get(verb="people.code_refused").details == {"for": "提请授予岗位"}


def test_after_a_wrong_code_a_right_one_finishes_it(cast: Cast, client: Client) -> None:
    form = form_of(client.post(reverse(GIVE), wish(cast)))
    confirm(client, form, wrong_code(cast.security_admin))

    confirm(client, form, code_of(cast.security_admin))

    assert asked(cast) == 1


def test_a_code_given_a_moment_ago_for_something_else_does_not_count(cast: Cast, client: Client) -> None:
    first = form_of(client.post(reverse(GIVE), wish(cast)))
    confirm(client, first, code_of(cast.security_admin))

    second = client.post(reverse(GIVE), wish(cast, unit=cast.east.code))

    assert second.url.startswith(reverse("people:give_code"))
    assert asked(cast) == 1


def test_a_code_sent_along_without_a_kept_form_does_not_count(cast: Cast, client: Client) -> None:
    code = code_of(cast.security_admin)

    answer = client.post(reverse(GIVE), {**wish(cast), "one_time_code": code})

    assert answer.url.startswith(reverse("people:give_code"))
    assert asked(cast) == 0


def test_a_kept_form_sent_on_without_a_code_goes_back_to_the_question(cast: Cast, client: Client) -> None:
    waiting = client.post(reverse(GIVE), wish(cast))

    answer = client.post(reverse(GIVE), {"held_form": form_of(waiting)})

    assert answer.url == waiting.url
    assert asked(cast) == 0


def test_a_kept_form_goes_only_where_it_was_meant_for(cast: Cast, client: Client) -> None:
    form = form_of(client.post(reverse(GIVE), wish(cast)))
    elsewhere = reverse("people:post_end", args=[cast.clerk.posts.get().pk])

    answer = confirm(client, form, code_of(cast.security_admin), address=elsewhere)

    assert answer.status_code == 409
    assert HeldForm.objects.get().taken_at is None


def test_a_refused_act_keeps_its_form_for_its_author(cast: Cast, client: Client) -> None:
    form = form_of(client.post(reverse(GIVE), wish(cast, user="审计员甲（auditor）")))

    answer = confirm(client, form, code_of(cast.security_admin))

    assert answer.status_code == 422
    assert 'value="审计员甲（auditor）"' in answer.content.decode()
    assert HeldForm.objects.get().taken_at is None


def test_a_form_waiting_for_a_code_is_somebody_elses_business_to_nobody(cast: Cast, client: Client) -> None:
    form = form_of(client.post(reverse(GIVE), wish(cast)))
    bind(cast.system_admin)
    other = signed_in_with_code(cast.system_admin)

    assert other.get(reverse("people:give_code"), {"form": form}).status_code == 404


def test_who_may_not_act_is_refused_before_anything_is_kept(cast: Cast) -> None:
    bind(cast.clerk)
    client = signed_in_with_code(cast.clerk)

    assert client.post(reverse(GIVE), wish(cast)).status_code == 403
    assert HeldForm.objects.count() == 0


def test_without_an_authenticator_nobody_is_asked_where_it_is_only_offered(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.security_admin)

    assert client.post(reverse(GIVE), wish(cast)).url == reverse("people:posts")


def test_where_codes_are_off_nobody_is_asked(cast: Cast, client: Client, settings) -> None:
    settings.SECOND_FACTOR = "off"

    assert client.post(reverse(GIVE), wish(cast)).url == reverse("people:posts")


def test_a_sitting_from_before_the_binding_is_asked_all_the_same(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.security_admin)
    bind(cast.security_admin)

    answer = client.post(reverse(GIVE), wish(cast))

    assert answer.url.startswith(reverse("people:give_code"))


# Exports


@pytest.fixture
def exporter(cast: Cast) -> Client:
    bind(cast.clerk)
    return signed_in_with_code(cast.clerk)


EXPORT = "/inspections/standards/speech/export/"


def test_an_export_takes_a_code(cast: Cast, exporter: Client) -> None:
    answer = exporter.get(EXPORT)

    assert answer.url.startswith(reverse("people:give_code"))
    assert "导出检查标准，请输入动态口令" in exporter.get(answer.url).content.decode()


def test_with_the_code_the_export_is_had_once(cast: Cast, exporter: Client) -> None:
    form = form_of(exporter.get(EXPORT))

    answer = give_code(exporter, form, cast)

    assert answer.url == EXPORT
    assert exporter.get(EXPORT).status_code == 200
    assert exporter.get(EXPORT).status_code == 302


def give_code(client: Client, form: str, cast: Cast) -> Any:
    """Type the clerk's code for what the form waits for."""
    return client.post(reverse("people:give_code"), {"form": form, "one_time_code": code_of(cast.clerk)})


def test_a_permission_to_export_is_for_one_address(cast: Cast, exporter: Client) -> None:
    form = form_of(exporter.get(EXPORT))
    give_code(exporter, form, cast)

    assert exporter.get(f"{EXPORT}?another=1").status_code == 302


def test_a_permission_to_export_is_for_the_sitting_that_gave_the_code(cast: Cast, exporter: Client) -> None:
    other = signed_in_with_code(cast.clerk)
    form = form_of(exporter.get(EXPORT))
    give_code(exporter, form, cast)

    assert other.get(EXPORT).status_code == 302
    assert exporter.get(EXPORT).status_code == 200


def test_the_code_given_in_another_sitting_opens_the_page_there(cast: Cast, exporter: Client) -> None:
    """The question was opened at the desk, the code typed where the person sits now."""
    other = signed_in_with_code(cast.clerk)
    form = form_of(exporter.get(EXPORT))
    give_code(other, form, cast)

    assert exporter.get(EXPORT).status_code == 302
    assert other.get(EXPORT).status_code == 200


def test_two_sittings_that_ask_for_one_page_wait_apart(cast: Cast, exporter: Client) -> None:
    other = signed_in_with_code(cast.clerk)

    assert form_of(exporter.get(EXPORT)) != form_of(other.get(EXPORT))


def test_a_wrong_code_exports_nothing(cast: Cast, exporter: Client) -> None:
    form = form_of(exporter.get(EXPORT))

    answer = exporter.post(
        reverse("people:give_code"), {"form": form, "one_time_code": wrong_code(cast.clerk)}
    )

    assert answer.status_code == 422
    assert exporter.get(EXPORT).status_code == 302


def test_a_permission_to_export_is_used_soon_or_not_at_all(cast: Cast, exporter: Client) -> None:
    form = form_of(exporter.get(EXPORT))
    give_code(exporter, form, cast)
    allowed = HeldForm.objects.get(pk=form)
    HeldForm.objects.update(allowed_at=allowed.allowed_at - acts.ALLOWED_FOR)

    assert exporter.get(EXPORT).status_code == 302


# The table


def test_exactly_these_acts_take_a_code() -> None:
    assert {(name, key) for name, door in table().items() for key in door.codes} == {
        ("people:post_new", "post"),
        ("people:post_end", "post"),
        ("people:post_change_decide", "confirm"),
        ("people:post_change_decide", "refuse"),
        ("people:recovery_decide", "confirm"),
        ("people:recovery_decide", "refuse"),
        ("people:second_factor_change", "post"),
        ("inspections:campaign_move", "approve"),
        ("inspections:visit_sign", "post"),
        ("inspections:standards_export", "get"),
        ("findings:notice_issue", "post"),
        ("findings:batch_issue", "post"),
        ("findings:batch_close", "post"),
        ("findings:move", "close"),
        ("findings:rectification_sign", "post"),
        ("findings:accept", "post"),
        ("findings:transfer_move", "grant"),
        ("findings:extension", "post"),
        ("findings:supervision_move", "sign"),
        ("findings:objection", "post"),
        ("findings:export_xlsx", "get"),
        ("reports:bulletin_move", "sign"),
        ("reports:correction_move", "sign"),
        ("reports:case_files", "post"),
    }


def test_every_move_that_takes_a_code_exists() -> None:
    known = {move.name for move in (*FINDING_MOVES, *CAMPAIGN_MOVES, *BULLETIN_MOVES)}
    known |= {move.name.removesuffix("_recovery") for move in RECOVERY_MOVES}
    known |= {move.name.removesuffix("_post_change") for move in POST_MOVES}

    known |= {move.name.removesuffix("_transfer") for move in TRANSFER_MOVES}
    known |= {move.name.removesuffix("_supervision") for move in SUPERVISION_MOVES}

    named = {key for door in table().values() for key in door.codes} - {"post", "get"}

    assert named - known == set()


def test_every_form_that_may_be_kept_has_a_name() -> None:
    unnamed = [
        name
        for name, door in table().items()
        if "POST" in door.methods and door.is_kept and not door.public and door.form == "填写的内容"
    ]

    assert unnamed == []


def test_every_act_on_one_row_says_which() -> None:
    about_one = {name for name, door in table().items() if door.codes and takes_a_key(name)}

    assert about_one - set(matters.FINDERS) == {"inspections:standards_export"}


def takes_a_key(name: str) -> bool:
    try:
        reverse(name)
    except NoReverseMatch:
        return True
    return False


def test_the_page_names_the_matter_and_the_table_does_not(cast: Cast) -> None:
    campaign = submitted_campaign(cast, title="春季窗口服务检查")
    bind(cast.leader)
    client = signed_in_with_code(cast.leader)

    waiting = client.post(reverse("inspections:campaign_move", args=[campaign.pk, "approve"]))

    assert "春季窗口服务检查" in client.get(waiting.url).content.decode()
    form = HeldForm.objects.get()
    assert form.what == "批准检查方案"
    assert "春季窗口服务检查".encode() not in bytes(form.body)


def test_what_the_person_does_not_see_is_not_kept(cast: Cast) -> None:
    campaign = submitted_campaign(cast)
    west = make_user("west_leader", "西区分管领导", home=cast.west)
    give_post(west, cast.west, Role.OFFICE_LEADER)
    bind(west)
    client = signed_in_with_code(west)
    nothing = "00000000-0000-4000-8000-000000000000"

    codes = {
        client.post(reverse("inspections:campaign_move", args=[pk, "approve"])).status_code
        for pk in (campaign.pk, nothing)
    }

    assert codes == {404}
    assert HeldForm.objects.count() == 0
