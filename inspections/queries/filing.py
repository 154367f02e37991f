"""What the filing page needs beside its forms."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from conduct.shapes import Photo, Picker, Upload
from inspections.models import Campaign, Evidence, HeldPhoto, Taxonomy, Visit
from people.models import Unit, User

from . import campaigns, standards, visits

WRITABLE = (Visit.State.DEPARTED, Visit.State.ON_SITE)


@dataclass(frozen=True)
class Kept:
    """A photo already kept, and whether it is ticked to be removed."""

    pk: UUID
    photo: Photo
    is_removed: bool


@dataclass(frozen=True)
class Held:
    """A photo that came with an earlier sending of the form."""

    pk: UUID
    name: str
    size: int


@dataclass(frozen=True)
class Block:
    """The form of one thing seen, with its choice of indicator and its photos."""

    form: Any
    picker: Picker
    upload: Upload
    photos: list[Kept]
    held: list[Held]
    held_name: str
    is_removed: bool


def place_for(user: User, *, campaign: str, unit: str) -> tuple[Campaign, Unit, Visit | None]:
    """The campaign, the unit in it, and the visit the person's team has begun there.

    Raises: Http404 for what the person does not see
    """
    try:
        found = campaigns.get_for(user, UUID(campaign))
    except ValueError as fault:
        raise Http404 from fault
    if not unit.isdecimal() or len(unit) > 10:
        raise Http404
    stop = get_object_or_404(found.units.select_related("unit"), unit=int(unit))
    team = campaigns.team_of(user, found)
    begun = visits.open_one(campaign=found, unit=stop.unit, team=team) if team else None
    if begun is None and not campaigns.knows_plan(user, found):
        raise Http404
    return found, stop.unit, begun


def visited(user: User, *, campaign: Campaign, unit: Unit) -> Visit | None:
    """The visit already made to the unit in this campaign, as far as the person sees it."""
    known = visits.known_by(campaign=campaign, unit=unit)
    if known is None or not Visit.objects.visible_to(user).filter(pk=known.pk).exists():
        return None
    return known


def held_photos(user: User, by_block: Mapping[str, Iterable[UUID]]) -> dict[str, list[Held]]:
    """Photos held for this person, by the block of the form they belong to."""
    wanted = [pk for pks in by_block.values() for pk in pks]
    rows = {row.pk: row for row in HeldPhoto.objects.filter(pk__in=wanted, by=user)}
    return {
        name: [Held(pk, str(rows[pk]), rows[pk].photo["size"]) for pk in pks if pk in rows]
        for name, pks in by_block.items()
    }


def blocks(
    forms: Iterable[Any],
    taxonomy: Taxonomy,
    *,
    removed: Collection[UUID] = (),
    held: Mapping[str, list[Held]] | None = None,
    is_quiet: bool = False,
) -> list[Block]:
    """Each form with the parts that are no plain fields. is_quiet: do not complain yet."""
    forms, held = list(forms), held or {}
    groups = standards.picker_groups(taxonomy)
    shown = photos_by_observation((form["observation"].value() for form in forms), removed=removed)
    return [_block(form, groups, shown, held.get(form.prefix, []), is_quiet) for form in forms]


def _block(form: Any, groups: Any, shown: dict[str, list[Kept]], held: list[Held], is_quiet: bool) -> Block:
    field = form["category"]
    return Block(
        form=form,
        picker=Picker(
            name=field.html_name,
            id=field.id_for_label,
            label="问题指标",
            groups=groups,
            value=str(field.value() or ""),
            required=False,
            errors=() if is_quiet else list(field.errors),
        ),
        upload=Upload(
            name=f"{form.prefix}-photos",
            label="这一条的照片",
            accept="image/*",
            limits="与整次检查的照片合计一次最多 10 张",
            max_mb=20,
        ),
        photos=shown.get(str(field.form["observation"].value() or ""), []),
        held=held,
        held_name=f"{form.prefix}-held",
        is_removed=bool(form["DELETE"].value()),
    )


def photos_of(visit: Visit, *, removed: Collection[UUID] = ()) -> list[Kept]:
    """Photos of the visit as a whole that are already kept."""
    rows = visit.evidence.filter(observation__isnull=True).select_related("file").order_by("added_at", "pk")
    return [_kept(row, removed) for row in rows]


def photos_by_observation(pks: Iterable[Any], *, removed: Collection[UUID] = ()) -> dict[str, list[Kept]]:
    """Photos already kept, by the observation they show."""
    wanted = [pk for pk in map(_uuid, pks) if pk]
    found: dict[str, list[Kept]] = {}
    for row in (
        Evidence.objects.filter(observation__in=wanted).select_related("file").order_by("added_at", "pk")
    ):
        found.setdefault(str(row.observation_id), []).append(_kept(row, removed))
    return found


def _uuid(value: Any) -> UUID | None:
    try:
        return UUID(str(value)) if value else None
    except ValueError:
        return None


def _kept(row: Evidence, removed: Collection[UUID]) -> Kept:
    name = row.caption or row.file.original_name
    photo = Photo(
        thumb_url=reverse("inspections:visit_thumb", args=[row.pk]),
        url=reverse("inspections:visit_photo", args=[row.pk]),
        alt=f"现场照片：{name}",
        caption=name,
        width=160,
        height=120,
    )
    return Kept(row.pk, photo, row.pk in removed)
