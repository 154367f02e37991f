"""What the house says when it will not do something: one sentence for the person who asked."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied


class Refused(Exception):
    """The wish is understood and not granted; the message is Chinese and says what to do now."""


class NotFromHere(Refused):
    """The row is in a state this move does not start from."""


class MovedMeanwhile(Refused):
    """Someone else changed the row first; nothing was written."""


class Forbidden(Refused, PermissionDenied):
    """The person sees the row but may not do this with it; answered with 403."""
