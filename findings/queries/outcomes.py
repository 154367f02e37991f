"""What came of putting right, added up over many findings: what papers and the year's figures tell."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, QuerySet, Sum

from findings.models import FindingQuerySet, PersonsDealt, Rectification, RuleBuilt

S = Rectification.State


@dataclass(frozen=True)
class Outcomes:
    """Sums over reports handed in, the last of each finding; what was returned does not count.

    dealt:  people by the words of the measure
    causes: reports by the code and name of a cause they give
    """

    reports: int = 0
    places_checked: int = 0
    places_found: int = 0
    money_returned: Decimal = Decimal(0)
    rules_built: int = 0
    persons_dealt: int = 0
    dealt: dict[str, int] = field(default_factory=dict)
    causes: dict[tuple[str, str], int] = field(default_factory=dict)


def outcomes(*, findings: FindingQuerySet) -> Outcomes:
    """The sums over these findings."""
    reports = counted(findings)
    ids = reports.values("pk")
    sums = reports.aggregate(
        reports=Count("pk"),
        places_checked=Sum("places_checked"),
        places_found=Sum("places_found"),
        money_returned=Sum("money_returned"),
    )
    dealt = dict(
        PersonsDealt.objects.filter(rectification__in=ids)
        .order_by("kind")
        .values_list("kind")
        .annotate(people=Sum("number"))
    )
    causes = (
        Rectification.causes.through.objects.filter(rectification__in=ids)
        .values_list("cause__code", "cause__name")
        .annotate(reports=Count("pk"))
        .order_by("cause__code")
    )
    return Outcomes(
        reports=sums["reports"],
        places_checked=sums["places_checked"] or 0,
        places_found=sums["places_found"] or 0,
        money_returned=sums["money_returned"] or Decimal(0),
        rules_built=RuleBuilt.objects.filter(rectification__in=ids).count(),
        persons_dealt=sum(dealt.values()),
        dealt={str(kind.label): dealt[kind] for kind in PersonsDealt.Kind if kind in dealt},
        causes={(code, name): reports for code, name, reports in causes},
    )


def counted(findings: FindingQuerySet) -> QuerySet[Rectification]:
    """The reports that count: the last one of each finding, once it is handed in and as long as it stands."""
    later = Rectification.objects.filter(
        finding=OuterRef("finding"), round__gt=OuterRef("round"), state__in=[S.SUBMITTED, S.PASSED]
    )
    handed = Rectification.objects.filter(
        finding__in=findings.order_by().values("pk"), state__in=[S.SUBMITTED, S.PASSED]
    )
    return handed.filter(~Exists(later))
