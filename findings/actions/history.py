"""Taking in campaigns of the past (历史补录): all of a file or nothing, each file once."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from conduct import clock, moves
from conduct.errors import Refused
from findings.models import Finding, FindingObservation
from findings.queries import history
from findings.queries.history import Entry, Preview
from findings.rules.history import Line, Source
from inspections.models import Campaign, Observation, ProblemCategory, Visit
from people import access, tree
from people.models import Unit, User
from people.roles import Permission

LABEL = "历史补录"
LONGEST_TITLE = 80


@transaction.atomic
def import_visits(*, preview: Preview, import_key: str, office: Unit, by: User, at: datetime) -> Campaign:
    """File a campaign of the past with its visits, observations and findings.

    import_key: SHA-256 of the file: the same file twice is refused
    Raises:     Refused when any row has a fault or the file was taken in before; Forbidden
    """
    access.require(by, Permission.HISTORY_IMPORT, unit=office)
    if preview.source is None or not preview.is_clean:
        raise Refused(
            f"文件有 {len(preview.troubles)} 处要改，没有补录任何内容。请按列出的行号改好后重新导入。"
        )
    refuse_again(import_key)
    source = preview.source
    rows = [(entry, entry.category) for entry in preview.entries if entry.category]
    campaign = _campaign(source, office, import_key, taxonomy_id=rows[0][1].taxonomy_id, by=by, at=at)
    try:
        with transaction.atomic():
            moves.born(
                campaign,
                state=Campaign.State.CLOSED,
                by=by,
                at=at,
                label=LABEL,
                reason="来源为已结束的检查",
            )
    except IntegrityError:
        refuse_again(import_key)
        raise
    places: dict[tuple[int, date], Visit] = {}
    for entry, category in rows:
        unit = entry.unit or unrecorded_unit(office)
        visit = places.get((unit.pk, entry.line.day))
        if visit is None:
            visit = places[unit.pk, entry.line.day] = _file_visit(campaign, unit, entry, by=by, at=at)
        _file_finding(visit, entry, category, by=by, at=at)
    return campaign


def refuse_again(import_key: str) -> None:
    """Refuse a file that was taken in before.

    Raises: Refused
    """
    before = history.imported_before(import_key)
    if before is not None:
        day = clock.day_of(before.created_at).isoformat()
        raise Refused(f"这份文件已于 {day} 补录为“{before.title}”，不能重复补录。")


def unrecorded_unit(office: Unit) -> Unit:
    """The unit that stands for “the source does not say which” under an office, made when first needed."""
    found = Unit.objects.filter(parent=office, is_unrecorded=True).first()
    if found is not None:
        return found
    last = Unit.objects.filter(parent=office).order_by("path").last()
    number = int(last.path[-tree.STEP :]) + 1 if last else 1
    return Unit.objects.create(
        code=f"{office.code}-WJL",
        name=history.UNRECORDED,
        parent=office,
        path=tree.child_path(parent=office.path, number=number),
        kind=Unit.Kind.OTHER,
        is_unrecorded=True,
        initials="wjldw",
    )


def _campaign(
    source: Source, office: Unit, import_key: str, *, taxonomy_id: int, by: User, at: datetime
) -> Campaign:
    return Campaign(
        title=source.title,
        content=source.content,
        objects_text=_objects(source.lines),
        scope=source.scope,
        method=source.method,
        starts_on=source.first_day,
        ends_on=source.last_day,
        office=office,
        author=by,
        taxonomy_id=taxonomy_id,
        created_at=at,
        is_historical=True,
        stated_pool=source.stated_pool,
        stated_units_visited=source.stated_units_visited,
        outcome=source.outcome,
        import_key=import_key,
    )


def _objects(lines: tuple[Line, ...]) -> str:
    names = list(dict.fromkeys(line.unit for line in lines if line.unit))
    return "、".join(names) or "未记录"


def _file_visit(campaign: Campaign, unit: Unit, entry: Entry, *, by: User, at: datetime) -> Visit:
    visit = Visit(
        campaign=campaign,
        unit=unit,
        method=campaign.method,
        visited_on=entry.line.day,
        created_at=at,
        is_historical=True,
    )
    return moves.born(visit, state=Visit.State.LOCKED, by=by, at=at, label=LABEL, reason=campaign.title)


def _file_finding(
    visit: Visit, entry: Entry, category: ProblemCategory, *, by: User, at: datetime
) -> Finding:
    line = entry.line
    seen = Observation.objects.create(
        visit=visit,
        ordinal=visit.observations.count() + 1,
        category=category,
        facts=line.facts,
        seen_at=line.seen_at,
        place=line.place,
        person_post=line.person_post,
        persons=line.persons,
        count=line.count,
        handled_on_spot=line.handled_on_spot,
    )
    finding = Finding(
        unit=visit.unit,
        department=line.department,
        title=title_of(line.facts),
        facts=line.facts,
        place=line.place,
        category=category,
        top=category.top,
        person_post=line.person_post,
        persons=line.persons,
        count=line.count,
        names_person=line.persons > 0 or bool(line.person_post),
        visited_on=line.day,
        month=line.day.replace(day=1),
        raised_by=by,
        raised_at=at,
        is_historical=True,
    )
    moves.born(finding, state=Finding.State.ON_RECORD, by=by, at=at, label=LABEL, reason=visit.campaign.title)
    FindingObservation.objects.create(finding=finding, observation=seen)
    return finding


def title_of(facts: str) -> str:
    """A title from the facts: their first words."""
    first = facts.replace("\n", "；").split("；")[0]
    return first if len(first) <= LONGEST_TITLE else f"{first[: LONGEST_TITLE - 1]}…"
