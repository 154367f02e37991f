"""Numbers of papers: one series a year, taken in the transaction that issues the paper, so none is skipped."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import F

from .models import NumberSeries


def take(*, series: str, year: int) -> int:
    """The next number of a series. Call inside the issuing transaction.

    The UPDATE holds the row until the transaction ends: two issuers queue up, and a rollback gives the number back.
    Raises: RuntimeError outside a transaction, a fault of the caller
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a number is taken in the transaction that issues its paper")
    rows = NumberSeries.objects.filter(series=series, year=year)
    if not rows.update(last=F("last") + 1):
        try:
            with transaction.atomic():
                NumberSeries.objects.create(series=series, year=year, last=0)
        except IntegrityError:
            pass
        rows.update(last=F("last") + 1)
    return rows.get().last


def written(*, code: str, year: int, seq: int) -> str:
    """A document number as printed: 代字〔2026〕5号. Source: GB/T 9704-2012 7.2.5."""
    return f"{code}〔{year}〕{seq}号"
