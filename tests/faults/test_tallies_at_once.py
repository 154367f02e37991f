"""Eight people change findings of one category and month at once: no count is lost, and nobody waits for anybody."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from conduct import rollups
from findings.actions import findings
from findings.models import CategoryTally, Finding
from tests.factories.cast import AT, Cast
from tests.factories.findings import Line, again
from tests.factories.tallies import all_cells, all_differences, all_rows
from tests.faults.test_concurrent_moves import at_once

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 8
EACH = 12
S = Finding.State


def verdicts(cast: Cast, rows: list[Finding]) -> Callable[[], None]:
    """One person's share of the work, finding by finding."""

    def work() -> None:
        for row in rows:
            findings.confirm(finding=row, by=cast.clerk, at=AT, reason="核实。")

    return work


def again_and_again(step: Callable[[], object], times: int) -> Callable[[], None]:
    def work() -> None:
        for _ in range(times):
            step()

    return work


def shares(cast: Cast) -> list[list[Finding]]:
    """As many findings as eight people judge, all alike."""
    first = Line(cast).verifying()
    rows = [first]
    for _ in range(PEOPLE * EACH - 1):
        row = again(first)
        row.pk, row._state.adding = None, True
        row.id = Finding._meta.pk.get_default()
        row.save()
        rows.append(row)
    return [rows[place::PEOPLE] for place in range(PEOPLE)]


def judged(cast: Cast) -> dict[str, int]:
    """{state: findings} as the roll-up of the city has them."""
    found: dict[str, int] = {}
    for state, count in CategoryTally.objects.filter(branch=cast.city.path).values_list(
        "in_state", "findings"
    ):
        found[state] = found.get(state, 0) + count
    return {state: count for state, count in found.items() if count}


def test_of_many_changes_at_once_every_one_is_counted(cast: Cast) -> None:
    outcomes = at_once(*(verdicts(cast, rows) for rows in shares(cast)))

    assert outcomes == [None] * PEOPLE
    assert judged(cast) == {S.CONFIRMED: PEOPLE * EACH}
    assert all_differences() == []


def test_folding_and_counting_anew_meanwhile_lose_nothing(cast: Cast) -> None:
    writers = [verdicts(cast, rows) for rows in shares(cast)]
    folders = [again_and_again(rollups.fold_all, 6)] * 2
    counter = again_and_again(lambda: call_command("rebuild_tallies", verbosity=0, stdout=Silence()), 4)

    outcomes = at_once(*writers, *folders, counter)

    assert [outcome for outcome in outcomes if outcome is not None] == []
    assert judged(cast) == {S.CONFIRMED: PEOPLE * EACH}
    assert all_differences() == []
    rollups.fold_all()
    assert all_rows() == all_cells()


class Silence:
    """Where the command may write unheard."""

    def write(self, text: str) -> None:
        pass


@pytest.mark.postgres
def test_a_change_that_is_not_yet_saved_keeps_no_other_waiting(cast: Cast) -> None:
    (first, second), held, done = [rows[0] for rows in shares(cast)[:2]], threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                findings.confirm(finding=first, by=cast.clerk, at=AT, reason="核实。")
                held.set()
                assert done.wait(20), "the other one waited for this transaction"
        finally:
            connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(20)
    findings.confirm(finding=second, by=cast.clerk, at=AT, reason="核实。")
    seen = judged(cast)
    done.set()
    holder.join()

    assert seen[S.CONFIRMED] == 1
    assert judged(cast)[S.CONFIRMED] == 2
