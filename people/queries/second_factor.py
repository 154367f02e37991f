"""Whether a person has an authenticator, and whether the house wants one."""

from __future__ import annotations

from django.conf import settings

from people.models import Authenticator, User

OFF, OFFERED, REQUIRED = "off", "offered", "required"


def is_on() -> bool:
    """Whether codes are asked for at all in this deployment."""
    return bool(settings.SECOND_FACTOR != OFF)


def is_required() -> bool:
    """Whether nobody works here without an authenticator."""
    return bool(settings.SECOND_FACTOR == REQUIRED)


def authenticator_of(user: User) -> Authenticator | None:
    """The person's authenticator in use."""
    found: Authenticator | None = (
        Authenticator.objects.filter(user=user, confirmed=True).order_by("-pk").first()
    )
    return found


def has_authenticator(user: User) -> bool:
    """Whether the person has one in use."""
    return authenticator_of(user) is not None
