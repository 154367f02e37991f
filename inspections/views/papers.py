"""Photos and the record sheet, handed only to those who see the visit."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponseBase

from conduct import clock, files, reads
from inspections import gather
from inspections.queries import visits as queries
from people.asking import SignedInRequest


def visit_photo(request: SignedInRequest, pk: UUID) -> HttpResponseBase:
    """The picture of one photo, without what the camera wrote into it."""
    photo = queries.photo_for(request.user, pk)
    reads.read(at=clock.now(), by=request.user, subject=photo.visit, label="查看照片", part=str(pk))
    return files.show(photo.file)


def visit_thumb(request: SignedInRequest, pk: UUID) -> HttpResponseBase:
    """The same picture small, for grids."""
    photo = queries.photo_for(request.user, pk)
    reads.read(at=clock.now(), by=request.user, subject=photo.visit, label="查看照片小图")
    return files.show_thumb(photo.file)


def visit_sheet(request: SignedInRequest, pk: UUID) -> HttpResponseBase:
    """The record sheet as PDF, marked as a draft until it is filed away."""
    visit = queries.get_for(request.user, pk)
    paper = gather.record_sheet(
        visit, members=queries.members(visit), signatures=queries.standing_signatures(visit)
    )
    content = gather.draw(paper)
    reads.read(at=clock.now(), by=request.user, subject=visit, label="查看现场记录表")
    return files.show_pdf(content, filename=f"现场记录表-{visit.unit}.pdf")
