"""Issued papers against their digests, and the head of the chain printed in each against the chain."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from conduct import files
from conduct.models import IssuedPaper
from conduct.verifying import Checked, Step

from . import books, proof


def check(*, at: datetime, on_step: Step) -> Checked:
    """Facts and bytes of every issued paper are those that were issued; the printed head is in the chain."""
    heads = proof.Heads(books.head_of, books.ends())
    total, count = IssuedPaper.objects.count(), 0
    for paper in IssuedPaper.objects.order_by("issued_at", "pk").iterator(chunk_size=200):
        try:
            _hold(paper, heads)
        except proof.Broken as fault:
            return Checked(f"核对文书 {count} 份", str(fault))
        count += 1
        if count % 100 == 0:
            on_step(count, total)
    return Checked(f"核对文书 {count} 份")


def mark_of(facts: dict[str, Any]) -> dict[str, Any] | None:
    """The head of the chain frozen in a paper's facts, {seq, digest}; None in one older than the chain."""
    content = facts.get("content")
    mark = content.get("chain") if isinstance(content, dict) else None
    return mark if isinstance(mark, dict) else None


def _hold(paper: IssuedPaper, heads: proof.Heads) -> None:
    name = f"“{paper.number}”{paper.title}"
    if hashlib.sha256(proof.canonical(paper.facts)).hexdigest() != paper.facts_sha256:
        raise proof.Broken(f"文书{name}的内容与印发时的校验值不符：内容被改动。")
    if proof.file_digest(files.made_path(paper.pdf_sha256)) != paper.pdf_sha256:
        raise proof.Broken(f"文书{name}的 PDF 不见了或被改动。")
    mark = mark_of(paper.facts)
    if mark:
        proof.hold_to_head(
            books.CHANGES,
            mark["seq"],
            mark["digest"],
            where=proof.PRINTED.format(number=paper.number),
            heads=heads,
        )
