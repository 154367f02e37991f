"""Forms that could not be carried out yet, kept for their author and carried out once."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from conduct import sealing
from conduct.errors import Refused
from people.models import HeldFile, HeldForm, User
from people.posted import Posted
from people.queries.held import PURPOSE, context_of, opened

KEPT_FOR = timedelta(hours=24)
ALLOWED_FOR = timedelta(minutes=2)
MOST_BYTES = 100 * 1024 * 1024
MOST_FORMS = 30
# Pages are counted apart from forms: asking for one costs a click, a form costs half a morning.
MOST_PAGES = 10
FULL = (
    f"等待继续提交的内容已有 {MOST_FORMS} 份，这一份没有保存。请退回上一页留住填写的内容，"
    "另开一个窗口，在“找回未提交的内容”里提交或放弃几份，再提交这一份。"
)
GONE = "这份内容已经提交过，或已超过保存期限，没有再次提交。请到原页面查看是否已经办好。"


@transaction.atomic
def keep(
    *, user: User, posted: Posted, why: HeldForm.Why, what: str, at: datetime, sitting: str = ""
) -> HeldForm:
    """Keep what the person sent, so that only they can have it back, for a day.

    Files beyond the limit are left out, and their number told. A page asked for again is the one that waits already.

    sitting: key of the sitting that asks for a page; a form needs none
    Raises:  Refused when so many forms of the person wait that another would push one of them out
    """
    page_key = _key_of_page(posted, sitting)
    if page_key and (waiting := _renewed(user, page_key, at)):
        return waiting
    if not page_key and _forms_of(user, at) >= MOST_FORMS:
        raise Refused(FULL)
    form = HeldForm(user=user, why=why, what=what, alg=sealing.ALG, at=at, page_key=page_key)
    form.expires_at = at + KEPT_FOR
    plain = {"method": posted.method, "path": posted.path, "pairs": posted.pairs, "matter": posted.matter}
    form.body = _sealed(form, json.dumps(plain).encode(), 0)
    kept, room = [], MOST_BYTES
    for number, file in enumerate(posted.files, start=1):
        if len(file.body) > room:
            form.files_left_out += 1
            continue
        room -= len(file.body)
        header = json.dumps({"field": file.field, "name": file.name, "kind": file.kind}).encode()
        kept.append(
            HeldFile(form=form, number=number, body=_sealed(form, header + b"\n" + file.body, number))
        )
    form.save(force_insert=True)
    for part in kept:
        part.save(force_insert=True)
    if page_key:
        _drop_old_pages(user)
    return form


def take(*, form: HeldForm, at: datetime) -> Posted:
    """Take the form out to carry it out; of many who try at once, one gets it.

    Raises: Refused when it was carried out, or is being; when files are missing that cannot be chosen again here
    """
    if form.files_left_out and form.why == HeldForm.Why.CODE:
        raise Refused("附件太大，不能一并保留。请返回原页面，压缩附件后再提交。")
    if not HeldForm.objects.filter(pk=form.pk, taken_at=None).update(taken_at=at):
        raise Refused(GONE)
    return opened(form)


@transaction.atomic
def settle(*, form: HeldForm, is_done: bool) -> None:
    """What was carried out is forgotten; what was refused stays with its author."""
    if is_done:
        HeldForm.objects.filter(pk=form.pk).delete()
    else:
        HeldForm.objects.filter(pk=form.pk).update(taken_at=None)


def allow(*, form: HeldForm, sitting: str, at: datetime) -> None:
    """Let the page waiting for a code be had, once and soon, in the sitting that gave the code."""
    page_key = _key_of_page(opened(form, with_files=False), sitting)
    HeldForm.objects.filter(pk=form.pk, taken_at=None).update(allowed_at=at, page_key=page_key)


def use_allowance(*, user: User, sitting: str, posted: Posted, at: datetime) -> bool:
    """Use up the permission for a page, when one was just given in this sitting for exactly this address."""
    allowed = HeldForm.objects.filter(
        user=user, page_key=_key_of_page(posted, sitting), allowed_at__gt=at - ALLOWED_FOR
    )
    form = allowed.filter(taken_at=None).first()
    if form is None:
        return False
    return bool(HeldForm.objects.filter(pk=form.pk, taken_at=None).update(taken_at=at))


def drop(*, form: HeldForm) -> None:
    """Forget a form at its author's wish."""
    HeldForm.objects.filter(pk=form.pk).delete()


def clean(*, at: datetime) -> int:
    """Remove what has expired; returns how many forms."""
    old = HeldForm.objects.filter(expires_at__lte=at)
    count = old.count()
    old.delete()
    return count


def _sealed(form: HeldForm, plain: bytes, number: int) -> bytes:
    return sealing.seal(plain, purpose=PURPOSE, context=context_of(form, number))


def _key_of_page(posted: Posted, sitting: str) -> str:
    """What a page to be had is found by; empty for a form."""
    if posted.method == "POST":
        return ""
    return hmac.new(
        settings.SECRET_KEY.encode(), f"page\0{sitting}\0{posted.path}".encode(), hashlib.sha256
    ).hexdigest()


def _renewed(user: User, page_key: str, at: datetime) -> HeldForm | None:
    """The page that waits already, kept for another day."""
    same = HeldForm.objects.filter(user=user, page_key=page_key, taken_at=None)
    same.update(at=at, expires_at=at + KEPT_FOR)
    return same.first()


def _forms_of(user: User, at: datetime) -> int:
    return HeldForm.objects.filter(user=user, page_key="", expires_at__gt=at).count()


def _drop_old_pages(user: User) -> None:
    pages = HeldForm.objects.filter(user=user).exclude(page_key="")
    newest = pages.order_by("-at").values_list("pk", flat=True)[:MOST_PAGES]
    pages.exclude(pk__in=list(newest)).delete()
