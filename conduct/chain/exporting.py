"""The audit as files an auditor takes away, to be proved elsewhere with nothing but the standalone verifier."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from conduct import files, guards
from conduct.models import AnchorDelivery, AuditAnchor, IssuedPaper, StoredFile

from . import anchoring, books, papers, proof


def export(folder: Path, *, at: datetime, with_files: bool) -> dict[str, int]:
    """Write both books with seals, anchors, digests of papers and originals; returns how many lines of each.

    with_files: also copy the originals, so that they can be hashed elsewhere
    Raises:     FileExistsError when the folder holds something already
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(folder)
    counts: dict[str, int] = {}
    # Seals first: a row sealed meanwhile then is not missing among the rows.
    ends = books.ends()
    for chain in books.BOOKS:
        sealed = (_plain(seal) for seal in books.seals(chain, up_to=ends[chain]))
        counts[f"seals-{chain}"] = _write(folder / f"seals-{chain}.jsonl", sealed)
        counts[chain] = _write(folder / f"{chain}.jsonl", (line for _, line in books.rows(chain)))
    counts["anchors"] = _write(folder / "anchors.jsonl", _anchors())
    counts["papers"] = _write(folder / "papers.jsonl", _papers())
    counts["files"] = _write(folder / "files.jsonl", _files())
    if settings.ANCHOR_FILE and Path(settings.ANCHOR_FILE).exists():
        shutil.copyfile(settings.ANCHOR_FILE, folder / "outside.jsonl")
    if with_files:
        _copy_originals(folder / "evidence")
    shutil.copyfile(Path(proof.__file__), folder / "verify_audit.py")
    manifest = {
        "form": 1,
        "made_at": books.spelt(at),
        "engine": connection.vendor,
        "guards_missing": guards.guards_missing(connection),
        "lines": counts,
    }
    (folder / "manifest.json").write_text(
        json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8"
    )
    return counts


def _write(path: Path, lines: Iterable[bytes]) -> int:
    count = 0
    with path.open("wb") as out:
        for line in lines:
            out.write(line + b"\n")
            count += 1
    return count


def _plain(seal: proof.Seal) -> bytes:
    return proof.canonical({name: getattr(seal, name) for name in seal.__dataclass_fields__})


def _anchors() -> Iterable[bytes]:
    stamps = dict(
        AnchorDelivery.objects.filter(channel="tsa", is_done=True).values_list("anchor_no", "stamp")
    )
    for anchor in AuditAnchor.objects.order_by("no").iterator():
        yield proof.canonical({**anchoring.told(anchor), "stamp": stamps.get(anchor.no, "")})


def _papers() -> Iterable[bytes]:
    for paper in IssuedPaper.objects.order_by("issued_at", "pk").iterator(chunk_size=200):
        facts: dict[str, Any] = {
            "number": paper.number,
            "title": paper.title,
            "facts_sha256": paper.facts_sha256,
            "pdf_sha256": paper.pdf_sha256,
            "chain": papers.mark_of(paper.facts),
        }
        yield proof.canonical(facts)


def _files() -> Iterable[bytes]:
    for file in StoredFile.objects.order_by("received_at", "pk").iterator():
        yield proof.canonical({"id": str(file.pk), "name": file.original_name, "sha256": file.sha256})


def _copy_originals(folder: Path) -> None:
    for file in StoredFile.objects.order_by("received_at", "pk").iterator():
        source = files.original_path(file)
        place = folder / source.relative_to(settings.EVIDENCE_ROOT)
        place.parent.mkdir(parents=True, exist_ok=True)
        if source.exists() and not place.exists():
            shutil.copyfile(source, place)
