"""Lists with a name: one's own, handed on by their link, and telling nobody more than they see."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from conduct.errors import Forbidden, Refused
from findings.actions import ledger_views
from findings.models import LedgerView
from findings.queries import ledger_views as query
from tests.factories.cast import AT, Cast, signed_in
from tests.factories.findings import Line
from tests.factories.ledger import saved_view
from tests.findings.browsing import get, post, text_of

pytestmark = pytest.mark.django_db


def test_a_view_keeps_filters_and_columns_and_not_the_page(cast: Cast) -> None:
    client = signed_in(cast.clerk)
    address = f"{reverse('findings:views')}?state=overdue&columns=unit,light&after=xyz"

    client.post(address, {"name": "逾期的", "is_shared": "on"})

    view = LedgerView.objects.get()
    assert (view.query, view.columns, view.is_shared) == ("state=overdue", ["title", "unit", "light"], True)


def test_a_view_opens_as_the_list_it_was(cast: Cast, line: Line) -> None:
    line.received(title="办理中的"), line.closed(title="销号的")
    view = saved_view(cast.clerk, query="state=open")
    client = signed_in(cast.clerk)

    page = client.get(query.address(view)).context["ledger"]

    assert [column.key for column in page.columns] == ["title", "unit", "light"]
    assert "办理中的" in page.body and "销号的" not in page.body


def test_a_colleague_with_the_link_sees_only_their_own_rows(cast: Cast, line: Line) -> None:
    line.received(title="东区的"), line.assigned(title="西区的", unit=cast.west)
    view = saved_view(cast.clerk, query="", is_shared=True)

    client = signed_in(cast.west_head)
    told = client.get(reverse("findings:view", args=[view.pk]))
    opened = client.get(told.context["address"])

    assert "东区的" not in text_of(told)
    assert "西区的" in text_of(opened) and "东区的" not in text_of(opened)


def test_what_is_not_shared_opens_for_nobody_else(cast: Cast) -> None:
    view = saved_view(cast.clerk)

    assert get(cast.leader, "view", view.pk).status_code == 404


def test_a_shared_view_is_dropped_by_its_owner_alone(cast: Cast) -> None:
    view = saved_view(cast.clerk, is_shared=True)

    assert post(cast.leader, "view_drop", view.pk).status_code == 404
    assert post(cast.clerk, "view_drop", view.pk).status_code == 302
    assert not LedgerView.objects.exists()


def test_a_name_is_used_once_by_each(cast: Cast) -> None:
    saved_view(cast.clerk)

    with pytest.raises(Refused, match="您已有名为“我的视图”的视图"):
        saved_view(cast.clerk)
    saved_view(cast.leader)


def test_a_name_already_used_is_told_in_the_form_and_nothing_is_lost(cast: Cast) -> None:
    saved_view(cast.clerk)

    answer = signed_in(cast.clerk).post(reverse("findings:views"), {"name": "我的视图"})

    assert answer.status_code == 422
    assert "请换一个名称" in text_of(answer) and 'value="我的视图"' in text_of(answer)


def test_nobody_keeps_more_than_thirty(cast: Cast) -> None:
    for place in range(ledger_views.MOST):
        saved_view(cast.clerk, name=f"视图{place}")

    with pytest.raises(Refused, match="请先删除不用的"):
        saved_view(cast.clerk)


def test_filters_beyond_measure_are_refused(cast: Cast) -> None:
    with pytest.raises(Refused, match="筛选条件过长"):
        saved_view(cast.clerk, query="x" * 2001)


def test_who_sees_no_findings_keeps_no_view(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        saved_view(cast.inspector)


def test_a_view_has_a_name(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        LedgerView.objects.create(owner=cast.clerk, name="", made_at=AT)
