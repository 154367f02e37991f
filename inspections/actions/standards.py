"""Load and publish what inspections judge by. A published version is never changed, so old findings keep theirs."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Max

from conduct import audit, clock
from conduct.errors import Refused
from inspections.models import Crosswalk, ProblemCategory, Taxonomy
from inspections.queries import standards as standing
from inspections.rules import taxonomy as rules
from inspections.rules.taxonomy import Node
from people import access
from people.initials import initials_of
from people.models import User
from people.roles import Permission

SHIPPED = Path(__file__).resolve().parent.parent / "data" / "taxonomy.json"
GetModel = Callable[[str, str], Any]


@transaction.atomic
def load_shipped(*, get_model: GetModel = apps.get_model) -> None:
    """Put in version 1 of both schemes, their causes and counterparts, and the empty rule lists; safe to repeat.

    get_model: how to reach the tables; a migration passes its own registry
    """
    shipped = json.loads(SHIPPED.read_text(encoding="utf-8"))
    at = clock.moment(date.fromisoformat(shipped["published_on"]))
    taxonomies = get_model("inspections", "Taxonomy")
    new: dict[str, Any] = {}
    for scheme, content in shipped["taxonomies"].items():
        taxonomy, is_new = taxonomies.objects.get_or_create(
            scheme=scheme, version=1, defaults={"title": content["title"], "published_at": at}
        )
        if is_new:
            new[scheme] = taxonomy
            _put_categories(taxonomy, list(rules.flatten(content["categories"])), get_model)
            _put_causes(taxonomy, _shipped_causes(shipped["causes"][scheme]), get_model)
    for scheme, taxonomy in new.items():
        _link(taxonomy, list(rules.flatten(shipped["taxonomies"][scheme]["categories"])), get_model)
    for row in shipped["rule_lists"]:
        get_model("inspections", "RuleList").objects.get_or_create(
            code=row["code"],
            version=1,
            defaults={"name": row["name"], "issuer_level": row["issuer_level"], "published_at": at},
        )


@transaction.atomic
def publish(*, scheme: str, nodes: Sequence[Node], title: str = "", by: User, at: datetime) -> Taxonomy:
    """Publish the next version of a scheme; causes and counterparts go on with it, older versions stay as they are.

    nodes:  the whole scheme, parents and children in the order to show; counterparts of the first scheme are
            taken from `maps_to`, or carried over by code where a line names none
    Raises: Forbidden; Refused with the first faults
    """
    access.require_everywhere(by, Permission.STANDARDS_EDIT)
    wrong = rules.faults(nodes)
    if wrong:
        raise Refused("不能发布：" + "".join(str(fault) for fault in wrong[:5]))
    nodes = rules.in_order(nodes)
    old = Taxonomy.objects.filter(scheme=scheme).order_by("-version").first()
    newest: int = Taxonomy.objects.filter(scheme=scheme).aggregate(newest=Max("version"))["newest"] or 0
    if old and _same(standing.nodes_of(old), nodes):
        raise Refused("内容与现行版本完全相同，不需要发布新版本。")
    taxonomy = Taxonomy.objects.create(
        scheme=scheme,
        version=newest + 1,
        title=title or (old.title if old else Taxonomy.Scheme(scheme).label),
        published_at=at,
    )
    _put_categories(taxonomy, nodes, apps.get_model)
    if old:
        _put_causes(
            taxonomy,
            list(old.causes.order_by("ordinal").values_list("code", "name", "group")),
            apps.get_model,
        )
        _carry_links(old, taxonomy)
    _link(taxonomy, nodes, apps.get_model)
    audit.record(
        at=at,
        by=by,
        verb="inspections.publish_standards",
        label=f"发布第{taxonomy.version}版问题分类",
        subject=taxonomy,
        details={"lines": len(nodes)},
    )
    return taxonomy


def _same(old: Sequence[Node], new: Sequence[Node]) -> bool:
    def plain(node: Node) -> tuple[str, ...]:
        return node.code, node.name, node.parent, node.definition, node.phrase

    return [plain(node) for node in old] == [plain(node) for node in new]


def _put_categories(taxonomy: Any, nodes: Sequence[Node], get_model: GetModel) -> None:
    model = get_model("inspections", "ProblemCategory")
    at = rules.places(nodes)
    saved: dict[str, Any] = {}
    for level in range(1, rules.MOST_LEVELS + 1):
        rows = [
            model(
                taxonomy=taxonomy,
                code=node.code,
                name=node.name,
                definition=node.definition,
                phrase=node.phrase,
                initials=initials_of(node.name),
                legal_basis=list(node.legal_basis),
                level=level,
                parent=saved.get(node.parent),
                top=at[node.code].top,
                is_leaf=at[node.code].is_leaf,
                ordinal=ordinal,
            )
            for ordinal, node in enumerate(nodes, start=1)
            if at[node.code].level == level
        ]
        saved |= {row.code: row for row in model.objects.bulk_create(rows)}


def _put_causes(taxonomy: Any, causes: Sequence[tuple[str, str, str]], get_model: GetModel) -> None:
    model = get_model("inspections", "Cause")
    model.objects.bulk_create(
        model(taxonomy=taxonomy, code=code, name=name, group=group, ordinal=ordinal)
        for ordinal, (code, name, group) in enumerate(causes, start=1)
    )


def _shipped_causes(groups: Sequence[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [
        (f"{group['code']}-{number}", name, f"{group['code']} {group['name']}")
        for group in groups
        for number, name in enumerate(group["items"], start=1)
    ]


def _link(taxonomy: Any, nodes: Sequence[Node], get_model: GetModel) -> None:
    """Join the lines that name counterparts with the newest version of the other scheme."""
    if not any(node.maps_to for node in nodes):
        return
    categories = get_model("inspections", "ProblemCategory").objects
    other = (
        get_model("inspections", "Taxonomy")
        .objects.exclude(scheme=taxonomy.scheme)
        .order_by("-version")
        .first()
    )
    sources = {row.code: row for row in categories.filter(taxonomy=taxonomy)}
    targets = {row.code: row for row in categories.filter(taxonomy=other)}
    model = get_model("inspections", "Crosswalk")
    model.objects.bulk_create(
        [
            model(source=sources[node.code], target=targets[code])
            for node in nodes
            for code in node.maps_to
            if code in targets
        ],
        ignore_conflicts=True,
    )


def _carry_links(old: Taxonomy, new: Taxonomy) -> None:
    """Let the counterparts of the version before hold for the new one, by code."""
    by_code = {row.code: row for row in ProblemCategory.objects.filter(taxonomy=new)}
    pairs = [
        Crosswalk(source=by_code[link.source.code], target=link.target)
        for link in Crosswalk.objects.filter(source__taxonomy=old).select_related("source", "target")
        if link.source.code in by_code
    ] + [
        Crosswalk(source=link.source, target=by_code[link.target.code])
        for link in Crosswalk.objects.filter(target__taxonomy=old).select_related("source", "target")
        if link.target.code in by_code
    ]
    Crosswalk.objects.bulk_create(pairs, ignore_conflicts=True)
