"""What the demo city writes fits together: numbers with facts, words with the problem they are about."""

from __future__ import annotations

import json
import re
from datetime import time
from pathlib import Path
from random import Random

import pytest

from findings.rules.report import PARTS
from reports.demo import themes, words

CODES = sorted(words.SEEN)
HOW_MANY = re.compile(r"(\d+)(?:人(?:承认|尚未|打扑克)|名(?:执法人员接受|工作人员说法|工作人员均))")


@pytest.mark.parametrize("code", CODES)
def test_the_number_of_persons_is_the_number_in_the_facts(code: str) -> None:
    for seed in range(40):
        seen = words.seen(rng=Random(seed), code=code, at=time(9, 20))
        said = HOW_MANY.search(seen.facts)
        assert said is None or int(said[1]) == seen.persons, seen.facts


def test_the_facts_that_count_persons_are_really_looked_at() -> None:
    told = [words.seen(rng=Random(seed), code="D1-04", at=time(9, 20)) for seed in range(20)]

    assert any(HOW_MANY.search(seen.facts) for seen in told)


def test_fewer_are_absent_than_belong_there() -> None:
    for seed in range(80):
        facts = words.seen(rng=Random(seed), code="D1-01", at=time(9, 20)).facts
        if found := re.search(r"应到(\d+)人的科室有(\d+)人", facts):
            assert int(found[1]) > int(found[2])


@pytest.mark.parametrize("code", CODES)
def test_every_indicator_has_words_of_its_theme(code: str) -> None:
    theme = themes.of(code)

    for pool in (themes.SAID, themes.HANDLED, themes.STATEMENTS, themes.REQUIREMENTS):
        assert pool[theme]
    assert themes.report_parts(rng=Random(1), code=code).keys() | words.REPORT_PARTS.keys() == set(PARTS)


def test_cards_at_work_are_answered_as_conduct_and_not_as_a_notice_board() -> None:
    assert "公示" not in "".join(
        (*themes.REQUIREMENTS[themes.of("D1-04")], themes.MEASURES[themes.of("D1-04")])
    )


def test_every_indicator_of_the_shipped_schemes_is_told() -> None:
    shipped = json.loads(Path("inspections/data/taxonomy.json").read_text(encoding="utf-8"))
    text = json.dumps(shipped)

    assert all(f'"{code}"' in text for code in CODES)
