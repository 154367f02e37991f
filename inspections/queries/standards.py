"""What the standards are now: categories, causes, counterparts, rule lists."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.db.models import Max, Q, QuerySet
from django.shortcuts import get_object_or_404

from conduct.prepared import Prepared
from conduct.search.text import fold
from conduct.shapes import PickerGroup, PickerOption
from inspections.models import Cause, Crosswalk, ProblemCategory, RuleItem, RuleList, Taxonomy
from inspections.rules.taxonomy import Node

MOST_HITS = 30


@dataclass(frozen=True)
class Branch:
    """A category with all below it, for a page that shows the tree."""

    category: ProblemCategory
    children: list[Branch]


@dataclass(frozen=True)
class Scheme:
    """One scheme as the standards page shows it."""

    taxonomy: Taxonomy
    branches: list[Branch]
    causes: list[tuple[str, list[Cause]]]
    indicators: int


@dataclass(frozen=True)
class RuleListLine:
    """A rule list in force and what is in it."""

    name: str
    code: str
    issuer: str
    version: int
    source: str
    published_at: datetime
    articles: list[RuleItem]


def current(scheme: str) -> Taxonomy:
    """The version of a scheme that new campaigns work by.

    Raises: Http404 when none was ever published
    """
    return get_object_or_404(Taxonomy.objects.filter(scheme=scheme).order_by("-version")[:1])


def currents() -> list[Taxonomy]:
    """The newest version of every scheme, the speech first."""
    newest = dict(
        Taxonomy.objects.values("scheme").annotate(newest=Max("version")).values_list("scheme", "newest")
    )
    wanted = Q(pk__in=[])
    for scheme, version in newest.items():
        wanted |= Q(scheme=scheme, version=version)
    return list(Taxonomy.objects.filter(wanted).order_by("-scheme"))


def versions(scheme: str) -> QuerySet[Taxonomy]:
    """All versions of a scheme, newest first."""
    return Taxonomy.objects.filter(scheme=scheme).order_by("-version")


LEAVES = Prepared(
    lambda taxonomy: (
        ProblemCategory.objects.filter(taxonomy=taxonomy, is_leaf=True)
        .select_related("parent")
        .order_by("ordinal")
    ),
    taxonomy=models.IntegerField(),
)
RULE_LISTS = Prepared(lambda: RuleList.objects.order_by("code", "version"))


def indicators(taxonomy: Taxonomy) -> list[ProblemCategory]:
    """What may be ticked on a visit: the leaves, in their order."""
    leaves: list[ProblemCategory] = LEAVES(taxonomy=taxonomy.pk)
    for leaf in leaves:
        leaf.taxonomy = taxonomy
    return leaves


def picker_groups(taxonomy: Taxonomy) -> list[PickerGroup]:
    """The leaves grouped by top category, for the searchable choice."""
    tops = list(taxonomy.categories.filter(parent__isnull=True).order_by("ordinal"))
    options: dict[str, list[PickerOption]] = {top.code: [] for top in tops}
    for leaf in indicators(taxonomy):
        heading = f"{leaf.parent.code} {leaf.parent.name}" if leaf.parent else ""
        options[leaf.top].append(PickerOption(leaf.code, leaf.code, leaf.name, leaf.initials, heading))
    return [PickerGroup(top.code, top.name, options[top.code]) for top in tops if options[top.code]]


def search_indicators(*, taxonomy: Taxonomy, text: str, top: str = "") -> list[ProblemCategory]:
    """Leaves whose name, definition, code or initials hold every word typed; all of one category without words."""
    leaves = [leaf for leaf in indicators(taxonomy) if not top or leaf.top == top]
    words = fold(text).split()
    return [leaf for leaf in leaves if all(word in _haystack(leaf) for word in words)][:MOST_HITS]


def _haystack(leaf: ProblemCategory) -> str:
    above = leaf.parent.name if leaf.parent else ""
    return fold(f"{leaf.code} {leaf.name} {leaf.phrase} {leaf.initials} {leaf.definition} {above}")


def nodes_of(taxonomy: Taxonomy) -> list[Node]:
    """A published version as plain lines, ready to be copied into the next one."""
    targets: dict[int, list[str]] = {}
    for source_id, code in Crosswalk.objects.filter(source__taxonomy=taxonomy).values_list(
        "source_id", "target__code"
    ):
        targets.setdefault(source_id, []).append(code)
    return [
        Node(
            code=row.code,
            name=row.name,
            parent=row.parent.code if row.parent else "",
            definition=row.definition,
            phrase=row.phrase,
            legal_basis=tuple(row.legal_basis),
            maps_to=tuple(dict.fromkeys(targets.get(row.pk, ()))),
        )
        for row in taxonomy.categories.select_related("parent").order_by("ordinal")
    ]


def schemes() -> list[Scheme]:
    """Every scheme in force, as trees, with its causes."""
    return [_scheme(taxonomy) for taxonomy in currents()]


def _scheme(taxonomy: Taxonomy) -> Scheme:
    rows = list(taxonomy.categories.order_by("ordinal"))
    groups: dict[str, list[Cause]] = {}
    for cause in taxonomy.causes.order_by("ordinal"):
        groups.setdefault(cause.group, []).append(cause)
    return Scheme(taxonomy, _branches(rows, None), list(groups.items()), sum(row.is_leaf for row in rows))


def _branches(rows: Iterable[ProblemCategory], parent_id: int | None) -> list[Branch]:
    rows = list(rows)
    return [Branch(row, _branches(rows, row.pk)) for row in rows if row.parent_id == parent_id]


def counterparts() -> list[tuple[ProblemCategory, list[ProblemCategory]]]:
    """The crosswalk between the newest versions: each category of the one, and those of the other."""
    newest = [taxonomy.pk for taxonomy in currents()]
    pairs = (
        Crosswalk.objects.filter(source__taxonomy__in=newest, target__taxonomy__in=newest)
        .select_related("source", "target")
        .order_by("source__ordinal", "target__ordinal")
    )
    found: dict[int, tuple[ProblemCategory, list[ProblemCategory]]] = {}
    for pair in pairs:
        found.setdefault(pair.source_id, (pair.source, []))[1].append(pair.target)
    return list(found.values())


def rule_lists() -> list[RuleListLine]:
    """The newest version of each rule list with its items; empty ones wait for their official text."""
    lists = _newest_lists()
    items: dict[int, list[RuleItem]] = {row.pk: [] for row in lists}
    for item in RuleItem.objects.filter(rule_list__in=lists).order_by("rule_list", "number"):
        items[item.rule_list_id].append(item)
    return [
        RuleListLine(
            row.name,
            row.code,
            row.get_issuer_level_display(),
            row.version,
            row.source,
            row.published_at,
            items[row.pk],
        )
        for row in lists
    ]


def rule_items() -> QuerySet[RuleItem]:
    """The articles an observation may cite: those of the newest version of each list."""
    return (
        RuleItem.objects.filter(rule_list__in=_newest_lists())
        .select_related("rule_list")
        .order_by("rule_list", "number")
    )


def _newest_lists() -> list[RuleList]:
    newest: dict[str, RuleList] = {}
    for row in RULE_LISTS():
        newest[row.code] = row
    order = list(RuleList.Issuer)
    return sorted(newest.values(), key=lambda row: (order.index(RuleList.Issuer(row.issuer_level)), row.code))
