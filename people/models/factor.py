from __future__ import annotations

from base64 import b32encode, b64decode, b64encode

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django_otp.plugins.otp_totp.models import TOTPDevice

from conduct import sealing

PURPOSE = "one-time-code"


class Authenticator(TOTPDevice):  # type: ignore[misc]
    """The app on a person's phone that makes their one-time codes; its key is sealed in the column.

    The cipher's name stands before the sealed key, because the column is the library's.
    """

    class Meta:
        proxy = True

    def get_throttle_factor(self) -> int:
        """None: one count a device would let a stranger's wrong codes shut out the owner; see people.actions."""
        return 0

    @property
    def bin_key(self) -> bytes:
        alg, _, sealed = self.key.partition(":")
        return sealing.unseal(
            b64decode(sealed), alg=alg, purpose=PURPOSE, context=f"authenticator {self.user_id}"
        )

    @property
    def typed_key(self) -> str:
        """The key for someone who cannot scan: groups of four, as an app takes it."""
        letters = b32encode(self.bin_key).decode().rstrip("=")
        return " ".join(letters[place : place + 4] for place in range(0, len(letters), 4))

    @staticmethod
    def sealed(key: bytes, *, user_id: int) -> str:
        """The key as the column holds it."""
        body = sealing.seal(key, purpose=PURPOSE, context=f"authenticator {user_id}")
        return f"{sealing.ALG}:{b64encode(body).decode()}"


class Recovery(models.Model):
    """The wish to unbind the lost authenticator of one person, put by one and decided by another."""

    class State(models.TextChoices):
        ASKED = "asked", "待确认"
        CONFIRMED = "confirmed", "已解绑"
        REFUSED = "refused", "未同意"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="recoveries")
    reason = models.TextField("理由")
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    version = models.PositiveIntegerField(default=1)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user"], name="recovery_open_once", condition=Q(state="asked")),
            models.CheckConstraint(name="recovery_not_by_oneself", condition=~Q(asked_by=F("user"))),
            models.CheckConstraint(
                name="recovery_second_person",
                condition=Q(decided_by__isnull=True)
                | (~Q(decided_by=F("asked_by")) & ~Q(decided_by=F("user"))),
            ),
            models.CheckConstraint(
                name="recovery_decided_by_someone",
                condition=Q(state="asked") | Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"解绑{self.user}的动态口令"
