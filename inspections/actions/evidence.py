"""Take in the photos of a visit and tie them to it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q, QuerySet

from conduct import audit, files
from conduct.errors import Refused
from conduct.models import StoredFile
from inspections.models import Evidence, HeldPhoto, Observation, Visit
from inspections.rules.records import MOST_PHOTOS_AT_ONCE
from people import access
from people.models import User
from people.roles import Permission

HELD_FOR = timedelta(days=7)

Slot = int | None


def wrong_with(uploads: Sequence[UploadedFile]) -> list[str]:
    """What can be told of photos handed in before any of them is kept: a sentence for each fault."""
    if len(uploads) > MOST_PHOTOS_AT_ONCE:
        return [f"一次最多上传{MOST_PHOTOS_AT_ONCE}张照片，这次选了{len(uploads)}张。请分几次保存。"]
    wrong = []
    for upload in uploads:
        try:
            files.check_photo(upload=upload)
        except Refused as refusal:
            wrong.append(str(refusal))
    return wrong


def hold(
    *, uploads: Mapping[str, Sequence[UploadedFile]], by: User, at: datetime
) -> tuple[dict[str, list[UUID]], list[str]]:
    """Keep the photos of a form that was not taken, so that they need not be sent again.

    Returns the ids of those held under the names they came with, and what is wrong with the others.
    Raises:  Forbidden
    """
    access.require(by, Permission.VISIT_FILE)
    clear_held(at=at)
    held: dict[str, list[UUID]] = {}
    if sum(len(group) for group in uploads.values()) > MOST_PHOTOS_AT_ONCE:
        return held, wrong_with([upload for group in uploads.values() for upload in group])
    wrong = []
    for name, group in uploads.items():
        for upload in group:
            try:
                photo = files.keep_photo(upload=upload)
            except Refused as refusal:
                wrong.append(str(refusal))
            else:
                row = HeldPhoto.objects.create(sha256=photo.sha256, photo=asdict(photo), by=by, at=at)
                held.setdefault(name, []).append(row.pk)
    return held, wrong


def adopt(*, held: Mapping[Slot, Collection[UUID]], by: User, at: datetime) -> dict[Slot, list[StoredFile]]:
    """Receive photos held for this person; what is nobody's or another's is passed over."""
    rows = {row.pk: row for row in _held([pk for group in held.values() for pk in group], by)}
    HeldPhoto.objects.filter(pk__in=list(rows)).delete()
    return {
        slot: [files.receive_photo(_kept(rows.pop(pk)), by=by, at=at) for pk in group if pk in rows]
        for slot, group in held.items()
    }


def clear_held(*, at: datetime) -> None:
    """Give up photos nobody came back for."""
    for row in HeldPhoto.objects.filter(at__lt=at - HELD_FOR):
        row.delete()
        same_picture = Q(sha256=row.sha256) | Q(photo__shown_sha256=row.photo["shown_sha256"])
        if not HeldPhoto.objects.filter(same_picture).exists():
            files.drop_photo(_kept(row))


def take_in(
    *, uploads: Mapping[Slot, Sequence[UploadedFile]], by: User, at: datetime
) -> dict[Slot, list[StoredFile]]:
    """Keep the photos, each under the observation it was handed in with (its place, from 0; None: the visit).

    Call before the transaction that ties them: ten photos take seconds, and nobody else could write meanwhile.
    Raises: Refused for too many at once, and for a file that is no usable photo
    """
    if wrong := wrong_with([upload for group in uploads.values() for upload in group]):
        raise Refused("".join(wrong))
    return {
        slot: [files.take_photo(upload=upload, by=by, at=at) for upload in group]
        for slot, group in uploads.items()
    }


def are_kept(
    *,
    visit: Visit,
    uploads: Mapping[Slot, Sequence[UploadedFile]],
    held: Mapping[Slot, Collection[UUID]],
    by: User,
) -> bool:
    """Whether every photo handed in, now or before, is part of the visit already."""
    if _held([pk for group in held.values() for pk in group], by).exists():
        return False
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


def _held(pks: Collection[UUID], by: User) -> QuerySet[HeldPhoto]:
    return HeldPhoto.objects.filter(pk__in=pks, by=by)


def _kept(row: HeldPhoto) -> files.KeptPhoto:
    taken = row.photo["captured_at"]
    return files.KeptPhoto(**{**row.photo, "captured_at": datetime.fromisoformat(taken) if taken else None})
