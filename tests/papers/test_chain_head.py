"""The head of the audit chain stands small in the foot margin of the last page and moves nothing else."""

from dataclasses import replace
from typing import Any

import pytest

from conduct.pdfkit.fontset import FontSet
from conduct.pdfkit.frozen import ChainHead
from findings.pdf import notice
from inspections.pdf import record_sheet
from reports.pdf import bulletin
from tests.papers import reading as r
from tests.papers import samples

HEAD = ChainHead(seq=1024, digest="3f2a9c0177bde4a0" + "0" * 48)
PRINTED = "审计链第1024号封存　校验码 3F2A 9C01 77BD E4A0"
ALL = [
    (samples.bulletin(2), bulletin),
    (samples.notice(1), notice),
    (samples.notice(8), notice),
    (samples.record_sheet(), record_sheet),
]


def drawn(paper: Any, drawer: Any, fonts: FontSet, head: ChainHead | None = HEAD) -> list[Any]:
    """The pages of the paper with the head it was issued at."""
    return r.pages_of(drawer.render(replace(paper, chain=head), fonts=fonts))


def placed(page: Any) -> list[tuple[str, float, float]]:
    """Every character with where it stands."""
    return [(char["text"], char["x0"], char["top"]) for char in page.chars]


@pytest.mark.parametrize(("paper", "drawer"), ALL)
def test_it_is_printed_once_on_the_last_page(paper: Any, drawer: Any, fonts: FontSet) -> None:
    pages = drawn(paper, drawer, fonts)

    assert ["审计链第" in (page.extract_text() or "") for page in pages] == [False] * (len(pages) - 1) + [
        True
    ]
    assert r.said(r.line_with(pages[-1], "审计链第")).replace(" ", "") == PRINTED.replace(" ", "").replace(
        "　", "　"
    )


@pytest.mark.parametrize(("paper", "drawer"), ALL)
def test_it_stands_centred_twelve_millimetres_above_the_edge(paper: Any, drawer: Any, fonts: FontSet) -> None:
    line = r.line_with(drawn(paper, drawer, fonts)[-1], "审计链第")

    left, right = line[0]["x0"] / r.MM, line[-1]["x1"] / r.MM
    middle = (r.em_top(line[0]) + r.em_foot(line[0])) / 2
    assert (left + right) / 2 == pytest.approx((r.LEFT + r.RIGHT) / 2, abs=0.3)
    assert 297 - middle == pytest.approx(12.0, abs=0.2)
    assert line[0]["size"] == pytest.approx(9.0)


def test_it_lies_below_the_red_rules_of_a_letter_of_one_page(fonts: FontSet) -> None:
    page = drawn(samples.notice(1), notice, fonts)[-1]

    assert r.em_top(r.line_with(page, "审计链第")[0]) > 277.5


@pytest.mark.parametrize(("paper", "drawer"), ALL)
def test_nothing_else_moves(paper: Any, drawer: Any, fonts: FontSet) -> None:
    bare, headed = drawn(paper, drawer, fonts, None), drawn(paper, drawer, fonts)

    assert len(bare) == len(headed)
    for before, after in zip(bare, headed, strict=True):
        added = len(after.chars) - len(before.chars)
        assert placed(after)[: len(before.chars)] == placed(before)
        assert added == 0 or after is headed[-1]


@pytest.mark.parametrize(("paper", "drawer"), ALL)
def test_it_is_frozen_with_the_paper(paper: Any, drawer: Any, fonts: FontSet) -> None:
    issued = replace(paper, chain=HEAD)

    again = type(paper).from_json(issued.to_json())

    assert again.chain == HEAD
    assert drawer.render(again, fonts=fonts) == drawer.render(issued, fonts=fonts)


@pytest.mark.parametrize(("paper", "drawer"), ALL)
def test_a_paper_from_before_the_chain_prints_none(paper: Any, drawer: Any, fonts: FontSet) -> None:
    assert "审计链" not in r.text_of(drawer.render(paper, fonts=fonts))
