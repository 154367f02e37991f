"""A suspected violation is marked for the lead channel, and nobody outside it can tell that it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.apps import apps
from django.urls import reverse

from conduct import clock, verifying
from conduct.errors import Forbidden, Refused
from findings.actions import findings, leads
from findings.models import Finding, LeadEntry, LeadMark
from findings.queries import leads as queries
from findings.rules import lead_book
from people.roles import Role
from tests.factories.cast import AT, Cast, give_post, make_user, signed_in
from tests.factories.findings import REASON, Line
from tests.findings.unseen import differing, read_by
from tests.house import world
from tests.house.world import World
from tests.matrix.rows import table_rows

pytestmark = pytest.mark.django_db

BASIS = "收取办事人礼金，有两名办事人指认。"
OWN = {"findings_leadmark", "findings_leadentry"}


def marked(cast: Cast, finding: Finding) -> LeadMark:
    return leads.mark(finding=finding, basis=BASIS, by=cast.leader, at=AT)


class TestMarking:
    def test_the_leader_marks_a_finding_and_reads_why(self, cast: Cast, line: Line) -> None:
        finding = line.verifying()

        marked(cast, finding)

        shown = queries.of(cast.leader, finding)
        assert shown is not None and (shown.basis, shown.row.marked_by) == (BASIS, cast.leader)

    @pytest.mark.parametrize("who", ["clerk", "east_head", "reader", "inspector", "auditor", "system_admin"])
    def test_nobody_else_may(self, cast: Cast, line: Line, who: str) -> None:
        with pytest.raises(Forbidden):
            leads.mark(finding=line.new(), basis=BASIS, by=getattr(cast, who), at=AT)

    def test_it_says_why(self, cast: Cast, line: Line) -> None:
        with pytest.raises(Refused, match="疑点和依据"):
            leads.mark(finding=line.new(), basis=" ", by=cast.leader, at=AT)

    def test_a_finding_is_marked_once(self, cast: Cast, line: Line) -> None:
        finding = line.new()
        marked(cast, finding)

        with pytest.raises(Refused, match="不必重复标记"):
            marked(cast, finding)

    def test_the_words_do_not_lie_open_in_the_database(self, cast: Cast, line: Line) -> None:
        row = marked(cast, line.new())

        assert "礼金".encode() not in bytes(LeadMark.objects.get(pk=row.pk).basis_sealed)

    def test_words_sealed_for_another_matter_do_not_open(self, cast: Cast, line: Line) -> None:
        row, other = marked(cast, line.new()), line.new()
        LeadMark.objects.filter(pk=row.pk).update(finding=other)

        shown = queries.of(cast.leader, other)

        assert shown is not None and shown.basis == queries.UNREADABLE

    def test_the_matter_goes_on_as_if_there_were_no_mark(self, cast: Cast, line: Line) -> None:
        finding = line.verifying()
        marked(cast, finding)

        findings.confirm(finding=finding, by=cast.clerk, at=AT, reason=REASON)
        line.issue(finding)

        assert Finding.objects.get(pk=finding.pk).state == Finding.State.ASSIGNED


@pytest.mark.drawn
def matter(built: World) -> Finding:
    """The finding whose pages are read."""
    return Finding.objects.get(pk=built.arguments["findings:detail"][0])


class TestNobodyCanTell:
    @pytest.fixture
    def built(self, monkeypatch: pytest.MonkeyPatch) -> World:
        monkeypatch.setattr(clock, "now", lambda: AT)
        return world.build()

    @pytest.mark.parametrize(
        "who", ["east_head", "east_liaison", "clerk", "second_clerk", "reader", "inspector", "system_admin"]
    )
    def test_every_page_is_the_same_with_and_without_the_mark(self, built: World, who: str) -> None:
        user = getattr(built.cast, who)
        read_by(user, built.arguments)
        before = read_by(user, built.arguments)

        marked(built.cast, matter(built))

        assert differing(before, read_by(user, built.arguments)) == []
        assert sum(status == 200 for status, _, _ in before.values()) >= (3 if who == "system_admin" else 8)

    def test_marking_writes_into_no_table_but_its_own(self, built: World) -> None:
        tables = [model._meta.db_table for model in apps.get_models(include_auto_created=True)]
        before = {name: table_rows(name) for name in tables}

        marked(built.cast, matter(built))
        queries.of(built.cast.leader, matter(built))

        assert {name for name in tables if table_rows(name) != before[name]} == OWN

    def test_the_auditor_reads_nothing_of_it(self, built: World) -> None:
        finding = matter(built)
        marked(built.cast, finding)
        signed_in(built.cast.leader).get(reverse("findings:lead", args=[finding.pk]))

        client = signed_in(built.cast.auditor)
        shown = "".join(
            client.get(reverse(f"people:{name}")).content.decode() for name in ("audit", "reads", "chain")
        )

        assert "线索" not in shown

    def test_what_the_leader_sees_of_the_finding_does_not_tell_either(self, built: World) -> None:
        place = {"findings:detail": built.arguments["findings:detail"]}
        read_by(built.cast.leader, place)
        before = read_by(built.cast.leader, place)

        marked(built.cast, matter(built))

        changed = differing(before, read_by(built.cast.leader, place))
        assert changed == [reverse("findings:lead_list")]

    def test_no_door_leads_there_for_others(self, built: World) -> None:
        address = reverse("findings:lead", args=[matter(built).pk])

        for who in ("clerk", "east_head", "auditor", "reader"):
            client = signed_in(getattr(built.cast, who))
            assert (
                client.get(address).status_code
                == client.get(reverse("findings:lead_list")).status_code
                == 403
            )


class TestItsOwnBook:
    def test_marking_and_looking_are_written_down_there(self, cast: Cast, line: Line, monkeypatch) -> None:
        monkeypatch.setattr(clock, "now", lambda: AT)
        finding = line.new()
        client, address = signed_in(cast.leader), reverse("findings:lead", args=[finding.pk])

        client.post(address, {"reason": BASIS})
        client.get(address)
        client.get(address)
        client.get(reverse("findings:lead_list"))

        rows = LeadEntry.objects.order_by("seq").values_list("verb", "actor_name", "at")
        assert list(rows) == [("mark", "分管领导甲", AT), ("read", "分管领导甲", AT)]

    def test_half_an_hour_later_it_is_another_look(self, cast: Cast, line: Line) -> None:
        row = marked(cast, line.new())

        for minutes in (0, 10, 40):
            leads.note_look(lead=row, by=cast.leader, at=AT + timedelta(minutes=minutes))

        assert LeadEntry.objects.filter(verb="read").count() == 2

    def test_verification_finds_it_whole_and_says_no_number(self, cast: Cast, line: Line) -> None:
        def checked() -> verifying.Checked:
            return verifying.REGISTER["leads"].check(at=AT, on_step=lambda done, total: None)

        empty = checked()
        marked(cast, line.new())

        assert checked() == empty == verifying.Checked("核对问题线索留痕")

    @pytest.mark.parametrize(("column", "value"), [("actor_name", "别人"), ("digest", "0" * 64), ("seq", 9)])
    def test_a_row_that_was_changed_is_named(
        self, cast: Cast, line: Line, column: str, value: object
    ) -> None:
        for _ in range(3):
            marked(cast, line.new())
        lines = list(queries._lines())
        lines[1] = replace(lines[1], **{column: value})

        assert lead_book.first_broken(lines) == 2
        assert lead_book.first_broken(queries._lines()) is None

    def test_a_row_that_is_gone_is_missed(self, cast: Cast, line: Line) -> None:
        for _ in range(3):
            marked(cast, line.new())
        first, _, third = queries._lines()

        assert lead_book.first_broken([first, third]) == 2


class TestPage:
    def test_an_empty_basis_is_refused_in_words(self, cast: Cast, line: Line) -> None:
        address = reverse("findings:lead", args=[line.new().pk])

        answer = signed_in(cast.leader).post(address, {"reason": ""})

        assert answer.status_code == 422 and not LeadMark.objects.exists()

    def test_the_leader_of_another_county_has_no_such_matter(self, cast: Cast, line: Line) -> None:
        stranger = make_user("west_leader", "西区领导", home=cast.west)
        give_post(stranger, cast.west, Role.OFFICE_LEADER)
        finding = line.new()
        marked(cast, finding)
        client = signed_in(stranger)

        assert client.get(reverse("findings:lead", args=[finding.pk])).status_code == 404
        assert finding.title not in client.get(reverse("findings:lead_list")).content.decode()
