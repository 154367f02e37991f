"""A unit's own ledger is read whatever stands in it, and each problem has one mark."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from findings.rules import ledger_lines as rules

TODAY = date(2026, 3, 2)
CELLS = st.dictionaries(st.sampled_from(list(rules.HEADINGS)), st.text(max_size=80))


@given(CELLS)
def test_no_words_in_a_line_break_the_reading(cells: dict[str, str]) -> None:
    lines, troubles = rules.read([(2, cells)], today=TODAY)

    assert lines or troubles


def test_blanks_make_no_other_problem() -> None:
    first = rules.fingerprint(unit=1, day=TODAY, category="D1-03", facts="窗口 无人\n在岗")

    assert first == rules.fingerprint(unit=1, day=TODAY, category="D1-03", facts="窗口无人在岗")
    assert first != rules.fingerprint(unit=2, day=TODAY, category="D1-03", facts="窗口无人在岗")
