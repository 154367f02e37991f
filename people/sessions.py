"""Where sessions are kept: one row a sitting, found by the digest of its cookie, so that a copy of the table
lets nobody in. SESSION_ENGINE names this module.

A sitting that ends is not removed at once: see people.models.Sitting.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from conduct.prepared import Prepared

from .models import Sitting

# Asked on every page.
STANDING = Prepared(
    lambda pk, at: Sitting.objects.filter(pk=pk, ended_at=None, expire_date__gt=at),
    pk=models.CharField(),
    at=models.DateTimeField(),
)


def digest(secret: str) -> str:
    """What the database holds of a cookie's value."""
    return hashlib.sha256(secret.encode()).hexdigest()


class SessionStore(DatabaseStore):
    """Django's sessions, with what the house must know of a sitting as columns.

    row: the sitting as loaded; None before anything was read, and for a new one
    """

    row: Sitting | None = None
    address = ""
    device = ""
    form_key = ""

    @classmethod
    def get_model_class(cls) -> Any:
        return Sitting

    @property
    def digest(self) -> str:
        return digest(self.session_key) if self.session_key else ""

    def exists(self, session_key: str) -> bool:
        return Sitting.objects.filter(pk=digest(session_key)).exists()

    def save(self, must_create: bool = False) -> None:
        if self.session_key is None:
            return self.create()
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        changes: dict[str, Any] = {
            "session_data": self.encode(data),
            "expire_date": self.get_expiry_date(),
            "user_id": data.get(SESSION_KEY),
        }
        if must_create:
            return self._insert(changes)
        if self.form_key:
            changes["form_key"] = self.form_key
        # A sitting that was ended meanwhile is not brought back to life by a request still on its way.
        if not Sitting.objects.filter(pk=self.digest, ended_at=None).update(**changes):
            raise UpdateError
        return None

    def delete(self, session_key: str | None = None) -> None:
        """End the sitting; one in which nobody had come in leaves nothing behind."""
        key = session_key or self.session_key
        if key is None:
            return
        rows = Sitting.objects.filter(pk=digest(key))
        rows.filter(user=None).delete()
        rows.filter(ended_at=None).update(ended_at=_now(), ended_why=Sitting.End.LEFT, session_data="")

    def flush(self) -> None:
        super().flush()
        self.row = None

    def _insert(self, changes: dict[str, Any]) -> None:
        now = _now()
        # A fresh key for the same person, as after a new password, does not lengthen the day.
        is_same = self.row is not None and self.row.user_id is not None
        started_at = self.row.started_at if self.row and is_same else now
        try:
            with transaction.atomic():
                self.row = Sitting.objects.create(
                    pk=self.digest,
                    started_at=started_at,
                    seen_at=now,
                    address=self.address,
                    device=self.device,
                    form_key=self.form_key,
                    **changes,
                )
        except IntegrityError as fault:
            raise CreateError from fault

    def _get_session_from_db(self) -> Sitting | None:
        self.row = next(iter(STANDING(pk=self.digest, at=_now())), None)
        if self.row is None:
            self._session_key = None
        return self.row


def _now() -> datetime:
    # Django judges the end of a session by this clock; both must agree.
    return timezone.now()
