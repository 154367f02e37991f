"""Issued papers against what was issued: facts, bytes, and the head of the chain printed in each."""

from __future__ import annotations

import pytest

from conduct import files
from conduct.chain import books, papers
from conduct.models import IssuedPaper
from conduct.verifying import Checked
from tests.conduct.chain import ledger
from tests.factories.cast import AT

pytestmark = pytest.mark.django_db


def checked(steps: list[tuple[int, int]] | None = None) -> Checked:
    """What the check of papers comes to."""
    told = [] if steps is None else steps
    return papers.check(at=AT, on_step=lambda done, total: told.append((done, total)))


def test_papers_as_they_were_issued_hold() -> None:
    ledger.write_and_seal(1)
    ledger.issue(1, mark={"seq": 1, "digest": books.head_of("changes", 1)})
    ledger.issue(2)

    assert checked() == Checked("核对文书 2 份")


def test_a_paper_whose_content_was_changed_is_named() -> None:
    ledger.issue(1)
    ledger.issue(2)
    ledger.tamper("UPDATE conduct_issuedpaper SET facts = '{}' WHERE seq = 2")

    assert checked() == Checked(
        "核对文书 1 份", "文书“安督通〔2026〕2号”通报的内容与印发时的校验值不符：内容被改动。"
    )


def test_a_paper_whose_bytes_were_lost_is_named() -> None:
    files.made_path(ledger.issue(1).pdf_sha256).unlink()

    assert checked() == Checked("核对文书 0 份", "文书“安督通〔2026〕1号”通报的 PDF 不见了或被改动。")


def test_a_paper_that_prints_a_head_the_chain_does_not_have_is_named() -> None:
    ledger.write_and_seal(1)
    ledger.issue(1, mark={"seq": 1, "digest": "0" * 64})

    assert checked() == Checked(
        "核对文书 0 份",
        "审计记录链第1号封存与文书“安督通〔2026〕1号”上印的校验码不符：这一号或更早的封存被重做过。",
    )


def test_progress_is_told_every_hundred_papers() -> None:
    first = ledger.issue(1)
    copies = [IssuedPaper.objects.get(pk=first.pk) for _ in range(201)]
    for seq, copy in enumerate(copies, start=2):
        copy.pk, copy.seq, copy.number = None, seq, f"安督通〔2026〕{seq}号"
    IssuedPaper.objects.bulk_create(copies)
    steps: list[tuple[int, int]] = []

    assert checked(steps).looked_at == "核对文书 202 份"
    assert steps == [(100, 202), (200, 202)]


@pytest.mark.parametrize(
    "facts", [{}, {"content": None}, {"content": "x"}, {"content": {}}, {"content": {"chain": "x"}}]
)
def test_a_paper_older_than_the_chain_prints_no_head(facts: dict[str, object]) -> None:
    assert papers.mark_of(facts) is None


def test_the_head_a_paper_prints() -> None:
    mark = {"seq": 3, "digest": "a"}

    assert papers.mark_of({"content": {"chain": mark}}) == mark
