"""One finding with all that hangs on it, as the person asking may see it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Exists, Model, OuterRef, Q, QuerySet, Value
from django.shortcuts import get_object_or_404
from django.urls import reverse

from conduct.prepared import Many, Prepared
from conduct.shapes import Photo
from findings.models import (
    Acceptance,
    Extension,
    Finding,
    Notice,
    Objection,
    PersonsDealt,
    Rectification,
    RectificationFile,
    RuleBuilt,
    Supervision,
    TransferRequest,
    UnitStatement,
)
from findings.rules.outcome import Rule
from inspections.models import Cause, Evidence, Observation
from people import access
from people.access import Asker
from people.models import User
from people.roles import Permission

PEOPLE: dict[type[Model], tuple[str, ...]] = {
    Finding: ("raised_by", "confirmed_by", "liaison"),
    Rectification: ("signed_by", "reviewed_by"),
    Acceptance: ("by",),
}


TOLD_OF_OBSERVATION = (
    "facts",
    "place",
    "person_post",
    "handled_on_spot",
    "unit_said",
    "category__code",
    "category__name",
    "visit__visited_on",
)

TOLD_OF_FILE = (
    "caption",
    *(f"file__{name}" for name in ("kind", "width", "height", "captured_at")),
    *(f"file__{name}" for name in ("original_name", "size", "shown_sha256")),
)


REPORTS = Prepared(
    lambda finding: (
        Rectification.objects.filter(finding=finding)
        .exclude(state=Rectification.State.LAID_ASIDE)
        .order_by("-round")
    ),
    finding=models.UUIDField(),
)
STATEMENTS = Prepared(
    lambda finding: UnitStatement.objects.filter(finding=finding).order_by("entered_at", "pk"),
    finding=models.UUIDField(),
)
ACCEPTANCES = Prepared(
    lambda finding: Acceptance.objects.filter(finding=finding).order_by("at", "pk"),
    finding=models.UUIDField(),
)
CAUSES = Prepared(
    lambda finding: Cause.objects.filter(findings=finding).order_by("pk").values_list("name", flat=True),
    finding=models.UUIDField(),
)
OBSERVATIONS = Prepared(
    lambda finding: (
        Observation.objects.filter(finding_links__finding=finding)
        .select_related("visit", "category")
        .only(*TOLD_OF_OBSERVATION)
        .order_by("visit__visited_on", "visit", "ordinal")
    ),
    finding=models.UUIDField(),
)


CAUSES_OF_REPORTS = Prepared(
    lambda reports: (
        Rectification.causes.through.objects.filter(rectification__in=reports)
        .order_by("cause__pk")
        .values_list("rectification", "cause__name")
    ),
    reports=Many(models.UUIDField()),
)
FILES = Prepared(
    lambda reports: (
        RectificationFile.objects.filter(rectification__in=reports)
        .select_related("file")
        .only("rectification", *TOLD_OF_FILE)
        .order_by("added_at", "pk")
    ),
    reports=Many(models.UUIDField()),
)
# Both lists of a report in one question: rules by their order, people dealt with by their kind.
OUTCOMES = Prepared(
    lambda reports: (
        RuleBuilt.objects.filter(rectification__in=reports)
        .values_list("rectification", Value("rule"), "title", "number", "ordinal")
        .union(
            PersonsDealt.objects.filter(rectification__in=reports).values_list(
                "rectification", Value("dealt"), "kind", Value(""), "number"
            ),
            all=True,
        )
        .order_by("ordinal")
    ),
    reports=Many(models.UUIDField()),
)
PICTURES = Prepared(lambda finding: _pictures(finding, is_whole=True), finding=models.UUIDField())
ATTACHED_PICTURES = Prepared(lambda finding: _pictures(finding, is_whole=False), finding=models.UUIDField())


@dataclass
class Attached:
    """What hangs on a report: the causes it names, its files in the order they came, and its two lists."""

    causes: list[str] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    dealt: dict[str, int] = field(default_factory=dict)
    files: list[RectificationFile] = field(default_factory=list)


def get_for(user: Asker, pk: UUID) -> Finding:
    """A finding the person may see; what they may not see does not exist for them.

    Raises: Http404
    """
    rows = Finding.objects.visible_to(user).select_related(
        "unit",
        "category__taxonomy",
        "rule_item__rule_list",
        "route",
        "notice",
        "liaison",
        "raised_by",
        "confirmed_by",
        "closed_by",
        "merged_into",
    )
    return get_object_or_404(rows, pk=pk)


def to_read(user: Asker, pk: UUID) -> Finding:
    """The same for looking at it: its people are left out, name_people() reads them together with the others'.

    Raises: Http404
    """
    rows = Finding.objects.visible_to(user).select_related(
        "unit", "category", "rule_item__rule_list", "route", "notice"
    )
    # Most findings have none of these, and their page asks for none.
    rows = rows.annotate(
        has_objections=Exists(Objection.objects.filter(finding=OuterRef("pk"))),
        has_wishes=Exists(Extension.objects.filter(finding=OuterRef("pk"))),
        was_pressed=Exists(Supervision.objects.filter(finding=OuterRef("pk"))),
    )
    return get_object_or_404(rows, pk=pk)


def name_people(*rows: Model) -> None:
    """Read the people of all these rows in one query: rows of a page are many, the people on it are few."""
    places = [(row, name) for row in rows for name in PEOPLE[type(row)]]
    wanted = {pk for row, name in places if (pk := getattr(row, f"{name}_id")) is not None}
    people = User.objects.only("name").in_bulk(wanted)
    for row, name in places:
        setattr(row, name, people.get(getattr(row, f"{name}_id")))


def several_for(user: Asker, ids: list[UUID]) -> list[Finding]:
    """Those of the findings the person may see, in the order asked."""
    rows = Finding.objects.visible_to(user).select_related("unit", "category__taxonomy", "route", "rule_item")
    found = {row.pk: row for row in rows.filter(pk__in=ids)}
    return [found[pk] for pk in dict.fromkeys(ids) if pk in found]


def notice_for(user: Asker, pk: UUID) -> Notice:
    """A notice the person may see.

    Raises: Http404
    """
    rows = Notice.objects.visible_to(user).select_related("unit", "paper", "issued_by", "received_by")
    return get_object_or_404(rows, pk=pk)


def findings_of(notice: Notice) -> list[Finding]:
    """What the notice is about, in the order it was told."""
    rows = notice.findings.select_related("unit", "category", "rule_item", "route", "liaison")
    return list(rows.order_by("visited_on", "raised_at", "pk"))


def observations_of(finding: Finding) -> list[Observation]:
    """What was seen."""
    return OBSERVATIONS(finding=finding.pk)


def evidence_for(user: Asker, finding: Finding) -> QuerySet[Evidence]:
    """Material from the visits: all of it for the office that may see visits, the attached pieces for everyone else."""
    return _evidence(finding.pk, is_whole=_sees_visits(user, finding))


def evidence_photos(user: Asker, finding: Finding) -> list[Photo]:
    """The pictures among it, ready to be shown."""
    rows = (PICTURES if _sees_visits(user, finding) else ATTACHED_PICTURES)(finding=finding.pk)
    return [
        _photo(
            reverse("findings:evidence", args=[finding.pk, row.pk]),
            row.file.width,
            row.file.height,
            row.caption or "现场照片",
            row.file.captured_at,
        )
        for row in rows
    ]


def statements_of(finding: Finding) -> list[UnitStatement]:
    """What the unit said, oldest first."""
    return _of(finding, STATEMENTS(finding=finding.pk))


def reports_of(finding: Finding) -> list[Rectification]:
    """The unit's reports, the latest round first."""
    return _of(finding, REPORTS(finding=finding.pk)) if finding.notice_id else []


def attached_to(*reports: Rectification) -> dict[UUID, Attached]:
    """What hangs on each of the reports."""
    found = {row.pk: Attached() for row in reports}
    for pk, name in CAUSES_OF_REPORTS(reports=list(found)):
        found[pk].causes.append(name)
    for pk, what, text, number, order in OUTCOMES(reports=list(found)):
        if what == "rule":
            found[pk].rules.append(Rule(text, number))
        else:
            found[pk].dealt[str(PersonsDealt.Kind(text).label)] = order
    for file in FILES(reports=list(found)):
        found[file.rectification_id].files.append(file)
    return found


def causes_of(finding: Finding) -> list[str]:
    """What brought it about, in words."""
    return CAUSES(finding=finding.pk)


def report_now(finding: Finding) -> Rectification | None:
    """The latest round, if the unit has begun."""
    reports = reports_of(finding)
    return reports[0] if reports else None


def report_photos(attached: Attached) -> list[Photo]:
    """The pictures handed in with a report."""
    return [
        _photo(
            reverse("findings:attachment", args=[row.pk]),
            row.file.width,
            row.file.height,
            row.caption or row.file.original_name,
            row.file.captured_at,
        )
        for row in attached.files
        if row.file.shown_sha256
    ]


def acceptances_of(finding: Finding) -> list[Acceptance]:
    """The verdicts of all rounds, oldest first."""
    return _of(finding, ACCEPTANCES(finding=finding.pk)) if finding.notice_id else []


def attachment_for(user: Asker, pk: UUID) -> RectificationFile:
    """Supporting material of a report the person may see; the office sees a report once it is handed in.

    Raises: Http404
    """
    own = Q(rectification__finding__in=Finding.objects.visible_to(user)) & ~Q(
        rectification__state=Rectification.State.LAID_ASIDE
    )
    left = Q(rectification__laid_aside_by__in=TransferRequest.objects.visible_to(user))
    rows = RectificationFile.objects.filter(own | left).select_related("file", "rectification__finding__unit")
    row = get_object_or_404(rows, pk=pk)
    return row if shows_report(user, row.rectification) else get_object_or_404(rows.none(), pk=pk)


def shows_report(user: Asker, report: Rectification) -> bool:
    """Whether the person may read this report: drafts belong to the unit alone."""
    if report.state != Rectification.State.DRAFT:
        return True
    return access.may(_person(user), Permission.RECTIFICATION_DRAFT, unit=report.finding.unit)


def is_unit_side(user: Asker, finding: Finding) -> bool:
    """Whether the person looks at the finding as the one who answers for it, and not as the office."""
    offices = (Permission.FINDING_TRIAGE, Permission.FINDING_CONFIRM, Permission.FIGURES_VIEW)
    return not any(access.may(_person(user), permission, unit=finding.unit) for permission in offices)


def _evidence(finding: UUID, *, is_whole: bool) -> QuerySet[Evidence]:
    seen = Observation.objects.filter(finding_links__finding=finding)
    shown = (
        Evidence.objects.filter(visit__in=seen.values("visit"))
        if is_whole
        else Evidence.objects.filter(observation__in=seen.values("pk"))
    )
    return shown.select_related("file")


def _pictures(finding: UUID, *, is_whole: bool) -> QuerySet[Evidence]:
    rows = _evidence(finding, is_whole=is_whole).exclude(file__shown_sha256="")
    return rows.order_by("added_at", "pk").only(*TOLD_OF_FILE)


def _sees_visits(user: Asker, finding: Finding) -> bool:
    return access.may(_person(user), Permission.VISIT_VIEW, unit=finding.unit)


def _of(finding: Finding, rows: list[Any]) -> list[Any]:
    """The rows, told which finding they belong to."""
    for row in rows:
        row.finding = finding
    return rows


def _person(user: Asker) -> User:
    if not isinstance(user, User):
        raise TypeError(f"expected a person with an account, got {user!r}")
    return user


def _photo(url: str, width: Any, height: Any, caption: str, at: Any) -> Photo:
    return Photo(
        thumb_url=f"{url}?small=1",
        url=url,
        alt=caption,
        caption=caption,
        at=at,
        width=width or 320,
        height=height or 240,
    )
