"""What a record says, as one plain value: two people sign the same thing when its digest is the same."""

from __future__ import annotations

import hashlib
from typing import Any

from conduct.issuing import canonical
from inspections.models import Visit

FIELDS = (
    "method",
    "visited_on",
    "arrived_at",
    "left_at",
    "department",
    "place",
    "accompanied_by",
    "expected_count",
    "present_count",
    "leave_count",
    "official_out_count",
    "absent_count",
    "no_problem",
    "unit_statement",
    "unit_signature",
)
SEEN_FIELDS = (
    "kind",
    "facts",
    "seen_at",
    "place",
    "person_post",
    "persons",
    "count",
    "handled_on_spot",
    "unit_said",
)


def content_of(visit: Visit) -> dict[str, Any]:
    """The record with its observations and the digests of its photos, as plain JSON values."""
    return {
        "visit": str(visit.pk),
        "unit": visit.unit_id,
        **{name: _plain(getattr(visit, name)) for name in FIELDS},
        "observations": [
            {
                "id": str(row.pk),
                "category": row.category.code if row.category else "",
                "rule": row.rule_item_id,
                **{name: _plain(getattr(row, name)) for name in SEEN_FIELDS},
            }
            for row in visit.observations.select_related("category").order_by("ordinal")
        ],
        "photos": sorted(
            [row.file.sha256, str(row.observation_id or "")] for row in visit.evidence.select_related("file")
        ),
    }


def digest(visit: Visit) -> str:
    """The SHA-256 that a signature is given for."""
    return hashlib.sha256(canonical(content_of(visit))).hexdigest()


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | str) else _text(value)


def _text(value: Any) -> str:
    # Times come back from the database in UTC whatever they were written in.
    return str(value.timestamp()) if hasattr(value, "timestamp") else str(value)
