"""What the tests of the chain stand on: entries written and sealed, and a database owner who tampers with raw SQL."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection

from conduct import audit, clock, files, guards
from conduct.chain import anchoring, books, proof, sealing
from conduct.models import AuditEntry, AuditSeal, IssuedPaper, StoredFile
from tests.factories.cast import AT, open_office
from tests.papers import samples

SCRIPT = Path(settings.BASE_DIR) / "docs" / "verify_audit.py"


def write(number: int = 1, *, at: datetime = AT, reason: str = "", **details: object) -> list[AuditEntry]:
    """So many entries about the office."""
    office = open_office()
    return [
        audit.record(
            at=at,
            by=audit.SystemActor(),
            verb="house.tested",
            label="试办",
            subject=office,
            reason=reason,
            details=dict(details),
        )
        for _ in range(number)
    ]


def write_and_seal(seals: int = 4, *, entries: int = 3, at: datetime | None = None) -> list[AuditEntry]:
    """Entries under several seals."""
    written = []
    for turn in range(seals):
        moment = (at or clock.now()) + timedelta(seconds=turn)
        written += write(entries, at=moment)
        assert sealing.keep_up(at=moment) == 1
    return written


def anchor(*, at: datetime | None = None) -> None:
    """Cast an anchor and bring it out."""
    moment = at or clock.now()
    last = anchoring.newest()
    cast = anchoring.cast_if_due(at=max(moment, last.at + anchoring.EVERY) if last else moment)
    assert cast is not None
    assert anchoring.bring_out(cast.no, at=moment) == []


def take_photo(number: int = 7, *, name: str = "大厅.jpg", at: datetime = AT) -> StoredFile:
    """A photograph handed in."""
    upload = SimpleUploadedFile(name, samples.photo(number))
    return files.take_photo(upload=upload, by=audit.SystemActor(), at=at)


def issue(
    seq: int | None,
    *,
    year: int = 2026,
    series: str = "情况通报",
    mark: dict[str, object] | None = None,
) -> IssuedPaper:
    """A paper with its number, or without; mark: the head of the chain printed in it."""
    facts: dict[str, object] = {"content": {"chain": mark}}
    return IssuedPaper.objects.create(
        kind="bulletin",
        series=series,
        year=year,
        seq=seq,
        number=f"安督通〔{year}〕{seq}号",
        title="通报",
        facts=facts,
        facts_sha256=hashlib.sha256(proof.canonical(facts)).hexdigest(),
        pdf_sha256=files.keep_bytes(b"%PDF-1.4 test").sha256,
        renderer="1",
        fonts="x",
        issued_at=AT + timedelta(minutes=seq or 0),
        issued_by_id="1",
        issued_by_name="某人",
    )


@contextmanager
def as_owner() -> Iterator[None]:
    """Do as the owner of the database may: lift the triggers, tamper, put them back as if nothing had been."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for table in guards.GUARDED:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            yield
            for table in guards.GUARDED:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        else:
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'conduct_%'"
            )
            standing = cursor.fetchall()
            for name, _ in standing:
                cursor.execute(f"DROP TRIGGER {name}")
            yield
            for _, statement in standing:
                cursor.execute(statement)


def tamper(statement: str, *values: object) -> None:
    """One statement of the owner."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(statement, list(values))


def reseal(first: int) -> None:
    """Make every seal from this number anew over the rows as they are now, as a forger would."""
    lines = dict(books.rows(books.CHANGES))
    previous = books.head_of(books.CHANGES, first - 1) or ""
    for row in AuditSeal.objects.filter(chain=books.CHANGES, seq__gte=first).order_by("seq"):
        row.previous = previous
        old = books.sealed(row)
        row.members = "\n".join(
            f"{pk} {proof.leaf_of(lines[pk], alg=row.alg)}" for pk, _ in old.leaves() if pk in lines
        )
        row.digest = books.sealed(row).computed()
        tamper(
            "UPDATE conduct_auditseal SET previous = %s, members = %s, digest = %s WHERE id = %s",
            row.previous,
            row.members,
            row.digest,
            row.pk,
        )
        previous = row.digest


def forge_anchors() -> None:
    """Make every anchor in the database anew over the seals as they are now."""
    for row in anchoring.AuditAnchor.objects.order_by("no"):
        row.heads = {chain: [seq, books.head_of(chain, seq)] for chain, (seq, _) in row.heads.items()}
        digest = proof.anchor_digest(anchoring.told(row))
        heads = proof.canonical(row.heads).decode()
        tamper("UPDATE conduct_auditanchor SET heads = %s, digest = %s WHERE id = %s", heads, digest, row.pk)


def house_says() -> str:
    """What `manage.py verify` finds first; "" when all holds."""
    out = io.StringIO()
    try:
        call_command("verify", stdout=out)
    except SystemExit as ended:
        assert ended.code == 1
        return out.getvalue().split("\n发现问题：")[1].strip()
    return ""


def script_says(folder: Path, *arguments: str) -> str:
    """What the standalone verifier finds first over an export, run without Django or any folder of ours."""
    if not (folder / "manifest.json").exists():
        call_command("export_audit", str(folder), files=True, stdout=io.StringIO())
    done = subprocess.run(
        [sys.executable, "-I", str(SCRIPT), str(folder), *arguments],
        capture_output=True,
        text=True,
        cwd="/",
        env={"PYTHONIOENCODING": "utf-8", "PATH": "/usr/bin:/bin"},
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr + done.stdout
    return done.stdout.split("发现问题：")[1].strip() if done.returncode else ""


def both_say(folder: Path) -> str:
    """The one sentence in which the house and the standalone verifier agree."""
    house, script = house_says(), script_says(folder)
    assert house == script
    return house
