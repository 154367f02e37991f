"""Names of persons held to account: sealed in their row, opened for the few who need to know.

Who opens a name leaves a line of it; the view sees to that before it shows one.
"""

from __future__ import annotations

from accountability.models import Measure
from conduct import sealing
from people import access
from people.models import User
from people.roles import Permission

PURPOSE = "accountability.name"


def context_of(measure: Measure) -> str:
    """What the sealed name belongs to: it opens in no other row."""
    return f"measure {measure.pk}"


def may_read(user: User, measure: Measure) -> bool:
    """The leader of the office reads all names of its reach; a clerk those of the entries they made."""
    if not measure.has_name:
        return False
    unit = measure.finding.unit
    if access.may(user, Permission.MEASURE_NAMES, unit=unit):
        return True
    return measure.recorded_by_id == user.pk and access.may(user, Permission.MEASURE_RECORD, unit=unit)


def name_of(measure: Measure) -> str:
    """The name; empty where only the post was recorded.

    Raises: conduct.sealing.Unreadable when the key is gone or the bytes belong elsewhere
    """
    if not measure.has_name:
        return ""
    plain = sealing.unseal(
        bytes(measure.name_sealed), alg=measure.name_alg, purpose=PURPOSE, context=context_of(measure)
    )
    return plain.decode()
