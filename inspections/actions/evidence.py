"""Take in the photos of a visit and tie them to it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile

from conduct import audit, files
from conduct.errors import Refused
from conduct.models import StoredFile
from inspections.models import Evidence, Observation, Visit
from inspections.rules.records import MOST_PHOTOS_AT_ONCE
from people.models import User

Slot = int | None


def take_in(
    *, uploads: Mapping[Slot, Sequence[UploadedFile]], by: User, at: datetime
) -> dict[Slot, list[StoredFile]]:
    """Keep the photos, each under the observation it was handed in with (its place, from 0; None: the visit).

    Call before the transaction that ties them: ten photos take seconds, and nobody else could write meanwhile.
    Raises: Refused for too many at once, and for a file that is no usable photo
    """
    given = sum(len(group) for group in uploads.values())
    if given > MOST_PHOTOS_AT_ONCE:
        raise Refused(f"一次最多上传{MOST_PHOTOS_AT_ONCE}张照片，这次选了{given}张。请分几次保存。")
    return {
        slot: [files.take_photo(upload=upload, by=by, at=at) for upload in group]
        for slot, group in uploads.items()
    }


def are_kept(*, visit: Visit, uploads: Mapping[Slot, Sequence[UploadedFile]]) -> bool:
    """Whether every photo handed in is part of the visit already."""
    known = set(visit.evidence.values_list("file__sha256", flat=True))
    return all(files.digest_of(upload) in known for group in uploads.values() for upload in group)


def remove(*, visit: Visit, wanted: Collection[UUID], by: User, at: datetime) -> None:
    """Take photos out of the record; the originals stay in the store, and the audit names them.

    wanted: evidence of this visit; what is not part of it is passed over
    """
    for item in visit.evidence.filter(pk__in=wanted).select_related("file"):
        audit.record(
            at=at,
            by=by,
            verb="inspections.remove_photo",
            label="移除照片",
            subject=visit,
            reason=item.caption or item.file.original_name,
            details={"file": str(item.file.pk), "sha256": item.file.sha256},
        )
        item.delete()


def tie(
    *,
    visit: Visit,
    observations: Sequence[Observation],
    taken: Mapping[Slot, Sequence[StoredFile]],
    by: User,
    at: datetime,
) -> None:
    """Make the photos kept part of the visit; the same photo of the same thing counts once."""
    if not any(taken.values()):
        return
    moment = at
    known: set[tuple[str, UUID | None]] = set(visit.evidence.values_list("file__sha256", "observation"))
    for slot, group in taken.items():
        observation = observations[slot] if slot is not None else None
        for file in group:
            key = (file.sha256, observation.pk if observation else None)
            if key not in known:
                Evidence.objects.create(
                    visit=visit, observation=observation, file=file, added_by=by, added_at=moment
                )
                known.add(key)
                # A microsecond apart: every list then shows the photos of one saving as they were chosen.
                moment += timedelta(microseconds=1)
