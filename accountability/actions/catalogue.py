"""Load and publish the catalogue. A published version is never changed, so what was recorded keeps its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db import transaction

from accountability.models import Catalogue, MeasureKind
from accountability.queries import catalogue as queries
from accountability.rules.effect import MOST_MONTHS
from conduct import audit, clock
from conduct.errors import Refused
from people import access
from people.models import User
from people.roles import Permission

COLUMNS = (
    *("code", "name", "target", "category", "months", "most_months", "no_post_months", "probation"),
    *("is_permanent", "is_configurable", "basis", "effect", "forms"),
)


def load_shipped(*, get_model: Callable[[str, str], Any] = apps.get_model) -> None:
    """Put in version 1 as it comes with the system; safe to repeat.

    get_model: how to reach the tables; a migration passes its own registry
    """
    content = queries.shipped()
    at = clock.moment(date.fromisoformat(content["published_on"]))
    rows = get_model("accountability", "Catalogue").objects
    catalogue, is_new = rows.get_or_create(version=content["version"], defaults={"published_at": at})
    if is_new:
        model = get_model("accountability", "MeasureKind")
        model.objects.bulk_create(
            model(catalogue=catalogue, ordinal=ordinal, **row)
            for ordinal, row in enumerate(content["measures"], start=1)
        )


@transaction.atomic
def change_months(*, code: str, months: int, basis: str, by: User, at: datetime) -> Catalogue:
    """Publish the next version with another period for a measure whose period each place sets for itself.

    months: 0 for none
    basis:  by which local rule
    Raises: Forbidden, Refused
    """
    access.require_everywhere(by, Permission.STANDARDS_EDIT)
    rows = queries.kinds()
    kind = next((row for row in rows if row.code == code), None)
    if kind is None or not kind.is_configurable:
        raise Refused("这项措施的影响期由法规统一规定，不能在这里修改。")
    if not 0 <= months <= MOST_MONTHS:
        raise Refused(f"影响期应在 0 到 {MOST_MONTHS} 个月之间（0 表示没有影响期），请改正后再保存。")
    if not basis.strip():
        raise Refused("修改影响期须写明依据（本地规定的名称和文号），请填写后再保存。")
    if (kind.months or 0) == months:
        raise Refused(f"“{kind.name}”的影响期本来就是{queries.period_in_words(kind)}，不需要修改。")
    before = kind.months
    newest = Catalogue.objects.create(version=kind.catalogue.version + 1, published_at=at, basis=basis)
    MeasureKind.objects.bulk_create(_copy(row, newest, months if row is kind else row.months) for row in rows)
    audit.record(
        at=at,
        by=by,
        verb="accountability.publish_catalogue",
        label=f"“{kind.name}”的影响期由 {before or 0} 改为 {months} 个月",
        subject=newest,
        reason=basis,
        details={"code": code, "before": before, "after": months},
    )
    return newest


def _copy(row: MeasureKind, catalogue: Catalogue, months: int | None) -> MeasureKind:
    kept = {name: getattr(row, name) for name in COLUMNS} | {"months": months}
    return MeasureKind(catalogue=catalogue, ordinal=row.ordinal, **kept)
