"""Posts change by two: the security administrator asks, a second person confirms, nobody for themselves."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from conduct.errors import Forbidden, NotFromHere, Refused
from conduct.models import AuditEntry
from people import access
from people.actions import accounts, post_changes
from people.models import Post, PostChange, User
from people.roles import Role
from tests.factories.cast import AT, Cast, give_post, make_user
from tests.house.sources import sources
from tests.people.granting import TODAY, another, ask_to_end, ask_to_give, confirm

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def newcomer(cast: Cast) -> User:
    return make_user("fresh", "新人", home=cast.bureau)


@pytest.fixture
def wish(cast: Cast, newcomer: User) -> PostChange:
    """The newcomer to become an inspector."""
    return ask_to_give(cast, user=newcomer)


# Asking


def test_asking_gives_nothing(wish: PostChange, newcomer: User) -> None:
    assert not Post.objects.filter(user=newcomer).exists()


def test_asking_ends_nothing(cast: Cast) -> None:
    ask_to_end(cast, cast.clerk.posts.get())

    assert cast.clerk.posts.get().until is None


def test_asking_to_give_takes_what_it_rests_on(cast: Cast, newcomer: User) -> None:
    with pytest.raises(Refused, match="授予岗位须写明依据"):
        ask_to_give(cast, user=newcomer, reason=" ")


def test_asking_to_end_takes_a_reason(cast: Cast) -> None:
    with pytest.raises(Refused, match="须写明理由"):
        ask_to_end(cast, cast.clerk.posts.get(), reason="")


def test_the_same_post_is_asked_for_once(cast: Cast, wish: PostChange) -> None:
    with pytest.raises(Refused, match="已有提请，正等待确认"):
        ask_to_give(cast, user=wish.user, by=another(cast, Role.SECURITY_ADMIN))


def test_a_decided_wish_is_no_hindrance_to_another(cast: Cast, wish: PostChange) -> None:
    post_changes.refuse(wish=wish, reason="依据不足", by=cast.leader, at=AT)

    assert ask_to_give(cast, user=wish.user).state == "asked"


# Confirming


@pytest.mark.parametrize("who", ["system_admin", "leader"])
def test_a_second_person_gives_the_post(cast: Cast, wish: PostChange, who: str) -> None:
    confirm(wish, getattr(cast, who))

    assert access.roles_of(User.objects.get(pk=wish.user_id)) == {Role.INSPECTOR}
    assert wish.post == Post.objects.get(user=wish.user)


def test_another_security_administrator_confirms(cast: Cast, wish: PostChange) -> None:
    assert confirm(wish, another(cast, Role.SECURITY_ADMIN)).post


def test_a_second_person_ends_the_post(cast: Cast) -> None:
    confirm(ask_to_end(cast, cast.clerk.posts.get()), cast.leader)

    assert cast.clerk.posts.get().until == TODAY - DAY


def test_nobody_confirms_what_they_asked(cast: Cast, wish: PostChange) -> None:
    with pytest.raises(Forbidden, match="须由另一人确认"):
        confirm(wish, cast.security_admin)
    with pytest.raises(Forbidden, match="须由另一人确认"):
        post_changes.refuse(wish=wish, reason="不要了", by=cast.security_admin, at=AT)


def test_nobody_confirms_for_themselves(cast: Cast) -> None:
    wish = ask_to_end(cast, cast.leader.posts.get())

    with pytest.raises(Forbidden, match="您本人的岗位变动"):
        confirm(wish, cast.leader)


@pytest.mark.parametrize("who", ["auditor", "clerk", "inspector", "east_head", "reader"])
def test_nobody_else_decides(cast: Cast, wish: PostChange, who: str) -> None:
    with pytest.raises(Forbidden):
        confirm(wish, getattr(cast, who))
    with pytest.raises(Forbidden):
        post_changes.refuse(wish=wish, reason="依据不足", by=getattr(cast, who), at=AT)


@pytest.mark.parametrize("role", [Role.SECURITY_ADMIN, Role.SYSTEM_ADMIN, Role.OFFICE_LEADER])
def test_a_countys_post_confirms_within_the_county_only(cast: Cast, wish: PostChange, role: Role) -> None:
    local = another(cast, role, unit=cast.east)
    of_the_east = ask_to_give(cast, user=wish.user, unit=cast.east_bureau)

    with pytest.raises(Forbidden):
        confirm(wish, local)
    assert confirm(of_the_east, local).post.unit == cast.east_bureau


def test_of_three_administrators_every_post_can_still_be_changed(cast: Cast) -> None:
    """One of each and a leader: whoever is concerned, one asks and one is left to confirm."""
    for role, second in (
        (Role.SYSTEM_ADMIN, cast.leader),
        (Role.SECURITY_ADMIN, cast.system_admin),
        (Role.AUDITOR, cast.system_admin),
        (Role.OFFICE_LEADER, cast.system_admin),
    ):
        user = make_user(f"next_{role.value}", f"接任{role.value}", home=cast.bureau)

        assert confirm(ask_to_give(cast, user=user, role=role), second).post


def test_a_wish_is_decided_once(cast: Cast, wish: PostChange) -> None:
    confirm(wish, cast.leader)

    for again in (confirm, lambda wish, by: post_changes.refuse(wish=wish, reason="晚了", by=by, at=AT)):
        with pytest.raises(NotFromHere):
            again(PostChange.objects.get(), cast.system_admin)


def test_of_two_who_confirm_at_once_one_gives_the_post(cast: Cast, wish: PostChange) -> None:
    seen_by_the_other = PostChange.objects.get()
    confirm(wish, cast.leader)

    with pytest.raises(Refused):
        confirm(seen_by_the_other, cast.system_admin)
    assert Post.objects.filter(user=wish.user).count() == 1


# Refusing and taking back


def test_refusing_gives_nothing_and_says_why(cast: Cast, wish: PostChange) -> None:
    with pytest.raises(Refused, match="须写明理由"):
        post_changes.refuse(wish=wish, reason=" ", by=cast.leader, at=AT)
    post_changes.refuse(wish=wish, reason="依据不足", by=cast.leader, at=AT)

    assert not Post.objects.filter(user=wish.user).exists()
    assert AuditEntry.objects.get(verb="people.refuse_post_change").reason == "依据不足"


def test_who_asked_may_take_it_back(cast: Cast, wish: PostChange) -> None:
    post_changes.withdraw(wish=wish, by=cast.security_admin, at=AT)

    with pytest.raises(NotFromHere):
        confirm(wish, cast.leader)
    assert not Post.objects.filter(user=wish.user).exists()


def test_nobody_else_takes_it_back(cast: Cast, wish: PostChange) -> None:
    for who in (cast.system_admin, cast.leader, another(cast, Role.SECURITY_ADMIN)):
        with pytest.raises(Forbidden):
            post_changes.withdraw(wish=wish, by=who, at=AT)


def test_what_took_effect_is_not_taken_back(cast: Cast, wish: PostChange) -> None:
    confirm(wish, cast.leader)

    with pytest.raises(NotFromHere):
        post_changes.withdraw(wish=wish, by=cast.security_admin, at=AT)


# What was allowed on asking is looked at again


def test_an_account_closed_meanwhile_gets_no_post(cast: Cast, wish: PostChange) -> None:
    accounts.disable(user=wish.user, reason="离职", by=cast.system_admin, at=AT)

    with pytest.raises(Refused, match="账号已停用"):
        confirm(wish, cast.leader)
    assert PostChange.objects.get().state == "asked"


def test_a_post_given_meanwhile_may_exclude_the_one_asked_for(cast: Cast, wish: PostChange) -> None:
    give_post(wish.user, cast.city, Role.AUDITOR)

    with pytest.raises(Refused, match="三员不能兼任其他岗位"):
        confirm(wish, cast.leader)


def test_two_halves_of_a_forbidden_pair_may_be_asked_for_and_one_is_given(
    cast: Cast, wish: PostChange
) -> None:
    confirm(ask_to_give(cast, user=wish.user, role=Role.AUDITOR), cast.leader)

    with pytest.raises(Refused, match="三员不能兼任其他岗位"):
        confirm(wish, cast.leader)


def test_the_last_administrator_stays_although_it_was_not_the_last_on_asking(cast: Cast) -> None:
    second = another(cast, Role.AUDITOR)
    wishes = [ask_to_end(cast, user.posts.get()) for user in (cast.auditor, second)]
    confirm(wishes[0], cast.leader)

    with pytest.raises(Refused, match="是唯一的审计员"):
        confirm(wishes[1], cast.leader)


def test_a_post_over_meanwhile_is_not_ended_again(cast: Cast) -> None:
    wish = ask_to_end(cast, cast.clerk.posts.get())
    cast.clerk.posts.update(until=TODAY - DAY)

    with pytest.raises(Refused, match="已经终止"):
        confirm(wish, cast.leader)


def test_the_wish_of_somebody_who_handles_posts_no_longer_is_void(cast: Cast, newcomer: User) -> None:
    former = another(cast, Role.SECURITY_ADMIN)
    wish = ask_to_give(cast, user=newcomer, by=former)
    confirm(ask_to_end(cast, former.posts.get()), cast.leader)

    with pytest.raises(Refused, match="已不负责安平市的岗位授权"):
        confirm(PostChange.objects.get(pk=wish.pk), cast.leader)


# Days


def test_a_post_asked_for_today_and_confirmed_later_is_not_dated_back(cast: Cast, wish: PostChange) -> None:
    confirm(wish, cast.leader, at=AT + 5 * DAY)

    assert (wish.post.since, wish.since) == (TODAY + 5 * DAY, TODAY)


def test_a_post_asked_for_from_a_later_day_begins_on_it(cast: Cast, newcomer: User) -> None:
    wish = ask_to_give(cast, user=newcomer, since=TODAY + 9 * DAY)

    assert confirm(wish, cast.leader, at=AT + 5 * DAY).post.since == TODAY + 9 * DAY


def test_a_past_day_that_was_meant_stays(cast: Cast, newcomer: User) -> None:
    wish = ask_to_give(cast, user=newcomer, since=TODAY - 9 * DAY)

    assert confirm(wish, cast.leader, at=AT + 5 * DAY).post.since == TODAY - 9 * DAY


def test_a_term_that_ran_out_while_waiting_is_not_given(cast: Cast, newcomer: User) -> None:
    wish = ask_to_give(cast, user=newcomer, until=TODAY + 3 * DAY)

    with pytest.raises(Refused, match="最后一天已经过去"):
        confirm(wish, cast.leader, at=AT + 5 * DAY)


def test_a_post_ended_later_was_held_until_the_day_before_it_was_confirmed(cast: Cast) -> None:
    confirm(ask_to_end(cast, cast.clerk.posts.get()), cast.leader, at=AT + 5 * DAY)

    assert cast.clerk.posts.get().until == TODAY + 4 * DAY


# What is written down


def test_both_are_written_down(cast: Cast, wish: PostChange) -> None:
    confirm(wish, cast.leader)

    entries = AuditEntry.objects.filter(subject_type="people.postchange").order_by("id")
    assert [(entry.actor_name, entry.label, entry.after, entry.reason) for entry in entries] == [
        ("安全管理员甲", "提请授予岗位", "asked", "工作安排"),
        ("分管领导甲", "确认岗位变动", "confirmed", ""),
    ]


def test_the_post_keeps_its_own_line_naming_who_confirmed_and_who_asked(cast: Cast, wish: PostChange) -> None:
    confirm(wish, cast.leader)

    line = AuditEntry.objects.get(verb="people.post_given")
    assert (line.actor_name, line.reason) == ("分管领导甲", "工作安排")
    assert line.details["asked_by"] == str(cast.security_admin.pk)
    assert line.details["user"] == str(wish.user_id)


def test_posts_come_from_these_places_alone() -> None:
    """The first three administrators at setup and the demonstration's cast; all others by two people."""
    makes = re.compile(r"(?<!class )\bPost(\.objects\.\w*(create|update)\w*)?\(")

    found = {source.name for source in sources() if makes.search(source.text)}

    assert found == {"people/actions/posts.py", "people/actions/office.py", "reports/demo/city.py"}


# The database itself


@pytest.mark.parametrize("second", ["security_admin", "fresh", None])
def test_the_database_itself_wants_a_second_person(wish: PostChange, second: str | None) -> None:
    by = User.objects.get(username=second) if second else None
    decided = {"state": "refused", "refusal": "依据不足", "decided_by": by, "decided_at": AT}

    with pytest.raises(IntegrityError), transaction.atomic():
        PostChange.objects.filter(pk=wish.pk).update(**decided)


@pytest.mark.parametrize(
    "change",
    [
        {"state": "refused", "refusal": "依据不足", "decided_at": None},
        {"state": "refused", "refusal": ""},
        {"state": "confirmed"},
        {"state": "withdrawn"},
        {"state": "asked"},
        {"kind": "end", "state": "refused", "refusal": "依据不足"},
        {"state": "refused", "refusal": "依据不足", "reason": ""},
    ],
)
def test_the_database_itself_wants_a_whole_decision(
    cast: Cast, wish: PostChange, change: dict[str, object]
) -> None:
    decided = {"decided_by": cast.leader, "decided_at": AT} | change

    with pytest.raises(IntegrityError), transaction.atomic():
        PostChange.objects.filter(pk=wish.pk).update(**decided)


def test_the_database_itself_lets_nobody_ask_for_themselves(wish: PostChange) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        PostChange.objects.filter(pk=wish.pk).update(asked_by=wish.user)


def test_the_database_itself_keeps_one_open_wish_for_a_post(wish: PostChange) -> None:
    wish.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        wish.save(force_insert=True)
