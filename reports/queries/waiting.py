"""What bulletins wait for one person, and which the person waits for."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse

from findings.queries.waiting import Item
from people import access
from people.models import User
from people.roles import OFFICE_ROLES, Permission
from reports.models import Bulletin, Correction
from reports.moves.bulletin import UNSIGNED

from . import corrections

B = Bulletin.State
MOST = 30


def for_user(user: User) -> list[Item]:
    """Bulletins to sign, and the person's own drafts, or nobody's, to send."""
    drafts = access.within(user, Permission.BULLETIN_DRAFT, path_field="office__path", roles=OFFICE_ROLES)
    signs = access.within(user, Permission.BULLETIN_APPROVE, path_field="office__path", roles=OFFICE_ROLES)
    own = drafts & Q(state__in=UNSIGNED) & (Q(author=user.pk) | Q(author__isnull=True))
    not_own = ~Q(author=user.pk) & (Q(sent_by__isnull=True) | ~Q(sent_by=user.pk))
    to_sign = signs & Q(state=B.SUBMITTED) & not_own
    return [*(_item(row) for row in _rows(own | to_sign)), *map(_correction, corrections.waiting(user))]


def sent_by(user: User) -> list[Item]:
    """The person's bulletins that wait for a signature."""
    mine = (Q(author=user.pk) | Q(sent_by=user.pk)) & Q(state=B.SUBMITTED)
    return [_item(row, verb="等待签发") for row in _rows(mine)]


def _correction(row: Correction) -> Item:
    return Item(
        verb="签发更正通知",
        title=row.corrected,
        unit=row.concerned.name,
        url=reverse("reports:correction_detail", args=[row.pk]),
        due_on=row.due_on,
        is_estimate=row.due_is_estimate,
    )


def _rows(chosen: Q) -> list[Bulletin]:
    rows = Bulletin.objects.filter(chosen).select_related("office").defer("facts", "narrative")
    return list(rows.order_by("drafted_at", "pk")[:MOST])


def _item(row: Bulletin, *, verb: str = "") -> Item:
    verbs = {B.DRAFT: "核对并送审通报", B.RETURNED: "修改退回的通报", B.SUBMITTED: "签发通报"}
    return Item(
        verb=verb or verbs[B(row.state)],
        title=row.title,
        unit=row.office.name,
        url=reverse("reports:bulletin_detail", args=[row.pk]),
    )
