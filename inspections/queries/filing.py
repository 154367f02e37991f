"""What the filing page needs beside its forms."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from conduct.shapes import Photo, Picker, Upload
from inspections.models import Campaign, Evidence, Taxonomy, Visit
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
class Block:
    """The form of one thing seen, with its choice of indicator and its photos."""

    form: Any
    picker: Picker
    upload: Upload
    photos: list[Kept]


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


def blocks(
    forms: Iterable[Any], taxonomy: Taxonomy, *, removed: Collection[UUID] = (), is_quiet: bool = False
) -> list[Block]:
    """Each form with the parts that are no plain fields. is_quiet: do not complain yet."""
    forms = list(forms)
    groups = standards.picker_groups(taxonomy)
    shown = photos_by_observation((form["observation"].value() for form in forms), removed=removed)
    return [_block(form, groups, shown, is_quiet) for form in forms]


def _block(form: Any, groups: Any, shown: dict[str, list[Kept]], is_quiet: bool) -> Block:
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
