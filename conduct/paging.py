"""Lists by keyset: a page costs the same however far one has turned, and a count stops at its bound."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

from django.core import signing
from django.core.exceptions import EmptyResultSet, FieldDoesNotExist
from django.db.models import F, IntegerField, Model, Q, QuerySet, Subquery, Value
from django.db.models.expressions import OrderBy, RawSQL
from django.http import QueryDict

from .shapes import Pager

Item = TypeVar("Item")

SIZE = 50
BOUND = 1000
AFTER, BEFORE = "after", "before"
COUNTED = "rows_counted"


@dataclass(frozen=True)
class Page(Generic[Item]):
    """The rows of one page, and the way to its neighbours."""

    rows: list[Item]
    pager: Pager


@dataclass(frozen=True)
class _Key:
    """One column of the order. NULL counts as the largest value on both engines."""

    name: str
    falls: bool
    may_be_null: bool

    def ordering(self, *, turned: bool) -> OrderBy:
        falls = self.falls is not turned
        nulls: dict[str, Any] = {}
        if self.may_be_null:
            nulls = {"nulls_first": True} if falls else {"nulls_last": True}
        return F(self.name).desc(**nulls) if falls else F(self.name).asc(**nulls)

    def beyond(self, value: Any, *, turned: bool) -> Q:
        """Rows whose value comes strictly later in this order."""
        falls = self.falls is not turned
        if value is None:
            return Q(**{f"{self.name}__isnull": False}) if falls else Q(pk__in=[])
        further = Q(**{f"{self.name}__{'lt' if falls else 'gt'}": value})
        if self.may_be_null and not falls:
            further |= Q(**{f"{self.name}__isnull": True})
        return further

    def same(self, value: Any) -> Q:
        return Q(**{f"{self.name}__isnull": True}) if value is None else Q(**{self.name: value})


def keyset(
    rows: QuerySet[Any, Item],
    *,
    order: Sequence[str],
    request_get: QueryDict,
    size: int = SIZE,
    bound: int | None = None,
    noun: str = "条",
) -> Page[Item]:
    """One page of the rows, chosen by the cursor in the query string; a bad cursor gives the first page.

    order:  column names, "-" for falling, the last one unique, e.g. ("-raised_at", "id"); columns of related rows
            need select_related. Rows are models or dicts
    bound:  also count the rows, up to this many, in the same query; None leaves them uncounted
    """
    return _paged(rows, rows, order, request_get, size, bound, noun)


def keyset_of(
    rows: QuerySet[Any, Any],
    columns: Sequence[str],
    *,
    order: Sequence[str],
    request_get: QueryDict,
    size: int = SIZE,
    bound: int | None = None,
    noun: str = "条",
) -> Page[dict[str, Any]]:
    """The same with the rows as dicts of these columns, which are joined for the page and not for the count."""
    return _paged(rows, rows.values(*columns), order, request_get, size, bound, noun)


def in_batches(
    rows: QuerySet[Any, Any], columns: Sequence[str], *, order: Sequence[str], size: int
) -> Iterator[list[dict[str, Any]]]:
    """All rows as dicts of these columns, a batch at a time, without holding a cursor open meanwhile."""
    keys, _ = _read_order(rows.model, order)
    shown, cursor = rows.values(*columns), None
    while found := _slice(shown, keys, cursor, size - 1, turned=False):
        yield found
        if len(found) < size:
            return
        cursor = [_value(found[-1], key.name) for key in keys]


def _paged(
    rows: QuerySet[Any, Any],
    shown: QuerySet[Any, Item],
    order: Sequence[str],
    request_get: QueryDict,
    size: int,
    bound: int | None,
    noun: str,
) -> Page[Item]:
    keys, salt = _read_order(rows.model, order)
    after, before = _opened(request_get.get(AFTER), salt, keys), _opened(request_get.get(BEFORE), salt, keys)
    if bound is not None:
        shown = shown.annotate(**{COUNTED: _counted(rows, bound)})
    is_past = False
    if before is not None:
        found = _slice(shown, keys, before, size, turned=True)
        is_past = len(found) > size
        if not is_past:
            after = None  # the first page is near: show it whole
    if not is_past:
        found = _slice(shown, keys, after, size, turned=False)
    page, has_more = found[:size], len(found) > size
    newer, older = (True, True) if is_past else (after is not None, has_more)
    if is_past:
        page.reverse()
    count = None if bound is None else _count_told(page, rows, bound, has_cursor=after is not None)
    pager = Pager(
        newer_url=_url(request_get, BEFORE, _sealed(page[0], keys, salt)) if newer and page else "",
        older_url=_url(request_get, AFTER, _sealed(page[-1], keys, salt)) if older else "",
        count=count,
        bound=bound or BOUND,
        noun=noun,
    )
    return Page(page, pager)


class CountOf(Subquery):
    """How many rows a query finds, as a column of another query."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def _count_told(page: list[Any], rows: QuerySet[Any, Any], bound: int, *, has_cursor: bool) -> int:
    """The count that came along with the rows; the column of it is taken off them."""
    if not page:
        return bounded_count(rows, bound) if has_cursor else 0
    told = 0
    for row in page:
        told = row.pop(COUNTED) if isinstance(row, dict) else row.__dict__.pop(COUNTED)
    return told


def bounded_in_words(count: int, bound: int) -> str:
    """A count that stopped at its bound: 1,000+ from the bound on, the plain count below it."""
    return f"{bound:,}+" if count >= bound else f"{count:,}"


def address_after(row: Any, model: type[Model], *, order: Sequence[str]) -> str:
    """The query string of the page that begins after this row."""
    keys, salt = _read_order(model, order)
    return _url(QueryDict(mutable=True), AFTER, _sealed(row, keys, salt))


def bounded_count(rows: QuerySet[Any, Any], bound: int = BOUND) -> int:
    """How many rows there are, looking no further than one past the bound: bound + 1 means more."""
    return _bounded(rows, bound).count()


def _counted(rows: QuerySet[Any, Any], bound: int) -> RawSQL | Value:
    """The bounded count as a column: written by itself, since it is about no row, and as a Subquery costs twice."""
    try:
        text, values = _bounded(rows, bound).query.get_compiler(rows.db).as_sql()
    except EmptyResultSet:
        return Value(0)
    return RawSQL(f"SELECT COUNT(*) FROM ({text}) AS counted", values, IntegerField())  # noqa: S608, S611 our own query


def _bounded(rows: QuerySet[Any, Any], bound: int) -> QuerySet[Any, Any]:
    return rows.order_by().values("pk")[: bound + 1]


def _slice(
    rows: QuerySet[Any, Item], keys: list[_Key], cursor: list[Any] | None, size: int, *, turned: bool
) -> list[Item]:
    if cursor is not None:
        rows = rows.filter(_from_cursor(keys, cursor, turned=turned))
    return list(rows.order_by(*(key.ordering(turned=turned) for key in keys))[: size + 1])


def _from_cursor(keys: list[_Key], cursor: list[Any], *, turned: bool) -> Q:
    """Rows after the cursor; the first column's bound stands alone too, so that an index can start there."""
    first = keys[0]
    chosen = Q()
    level = Q()
    for key, value in zip(keys, cursor, strict=True):
        chosen |= level & key.beyond(value, turned=turned)
        level &= key.same(value)
    return (first.beyond(cursor[0], turned=turned) | first.same(cursor[0])) & chosen


def _read_order(model: type[Model], order: Sequence[str]) -> tuple[list[_Key], str]:
    return [_key(model, name) for name in order], f"paging:{model._meta.label_lower}:{','.join(order)}"


def _key(model: type[Model], name: str) -> _Key:
    column = name.removeprefix("-")
    return _Key(column, name.startswith("-"), _may_be_null(model, column))


def _may_be_null(model: type[Model], column: str) -> bool:
    owner: Any = model
    for part in column.split("__"):
        try:
            field = owner._meta.get_field(part) if part != "pk" else owner._meta.pk
        except FieldDoesNotExist:
            return False  # an annotation
        if field.null:
            return True
        owner = field.related_model
    return False


def _url(request_get: QueryDict, direction: str, cursor: str) -> str:
    query = request_get.copy()
    query.pop(AFTER, None)
    query.pop(BEFORE, None)
    query[direction] = cursor
    return f"?{query.urlencode()}"


def _sealed(row: Any, keys: list[_Key], salt: str) -> str:
    """The row's place as opaque, signed text: what comes back is what was given out for this very list."""
    return signing.dumps([_packed(_value(row, key.name)) for key in keys], salt=salt, compress=True)


def _opened(text: str | None, salt: str, keys: list[_Key]) -> list[Any] | None:
    if not text:
        return None
    try:
        packed = signing.loads(text, salt=salt)
    except signing.BadSignature:
        return None
    return [_unpacked(*pair) for pair in packed] if len(packed) == len(keys) else None


def _value(row: Any, name: str) -> Any:
    if isinstance(row, dict):
        return row[name]
    for part in name.split("__"):
        row = getattr(row, part) if row is not None else None
    return row


def _packed(value: Any) -> tuple[str, Any]:
    if isinstance(value, datetime):
        return "at", value.isoformat()
    if isinstance(value, date):
        return "on", value.isoformat()
    if isinstance(value, uuid.UUID):
        return "id", str(value)
    if isinstance(value, Decimal):
        return "no", str(value)
    return "", value


def _unpacked(kind: str, value: Any) -> Any:
    readers: dict[str, Callable[[str], Any]] = {
        "at": datetime.fromisoformat,
        "on": date.fromisoformat,
        "id": uuid.UUID,
        "no": Decimal,
    }
    return readers[kind](value) if kind else value
