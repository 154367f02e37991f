"""Marking a finding for the lead channel: nothing of it is written anywhere but in the channel's own tables."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from django.db import IntegrityError, transaction

from conduct import sealing
from conduct.errors import Refused
from findings.models import Finding, LeadEntry, LeadMark
from findings.queries.leads import PURPOSE, context_of
from findings.rules import lead_book
from people import access
from people.models import User
from people.roles import Permission

Verb = LeadEntry.Verb
ALREADY = "这个问题已经标记为问题线索，不必重复标记。"
MOST_TRIES = 20


@transaction.atomic
def mark(*, finding: Finding, basis: str, by: User, at: datetime) -> LeadMark:
    """Note that a violation is suspected behind a finding; the finding itself goes on as if there were no mark.

    basis: what points to a violation; sealed
    Raises: Forbidden; Refused without a basis, and for a finding that is marked
    """
    access.require(by, Permission.LEAD_MARK, unit=finding.unit)
    if not basis.strip():
        raise Refused("请写明疑点和依据，再标记为问题线索。")
    row = LeadMark(finding=finding, alg=sealing.ALG, marked_by=by, marked_at=at)
    row.basis_sealed = sealing.seal(basis.strip().encode(), purpose=PURPOSE, context=context_of(row))
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as faster:
        raise Refused(ALREADY) from faster
    _write(Verb.MARK, row, by, at)
    return row


def note_look(*, lead: LeadMark, by: User, at: datetime) -> None:
    """Write down in the channel's own book that somebody reads a mark; once in half an hour."""
    _write(Verb.READ, lead, by, at)


def _write(verb: Verb, lead: LeadMark, by: User, at: datetime) -> None:
    slot = lead_book.slot(actor_id=str(by.pk), verb=verb, lead_id=str(lead.pk), at=at)
    for _ in range(MOST_TRIES):
        if LeadEntry.objects.filter(slot=slot).exists():
            return
        last = LeadEntry.objects.order_by("seq").last()
        line = lead_book.Line(
            seq=last.seq + 1 if last else 1,
            at=at,
            actor_id=str(by.pk),
            actor_name=str(by),
            verb=verb.value,
            lead_id=str(lead.pk),
            slot=slot,
            previous=last.digest if last else "",
        )
        try:
            with transaction.atomic():
                LeadEntry.objects.create(**asdict(lead_book.sealed(line)))
        except IntegrityError:
            # Somebody else took this number a moment ago: the next one follows theirs.
            continue
        return
    raise RuntimeError("the book of leads found no free number")
