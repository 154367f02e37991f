"""A refusal no view caught is a page that says why, and does not blame a colleague who did nothing."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import RequestFactory

from conduct.errors import Forbidden, MovedMeanwhile, NotFromHere, Refused
from conduct.middleware import RefusalMiddleware

pytestmark = pytest.mark.django_db
OVERTAKEN = "已有人先一步办理了"


def answer(exception: Exception) -> tuple[int, str]:
    request: HttpRequest = RequestFactory().post("/x")
    request.user = AnonymousUser()
    response = RefusalMiddleware(lambda request: None).process_exception(request, exception)  # type: ignore[arg-type]
    assert response is not None
    return response.status_code, response.content.decode()


def test_someone_overtaken_is_told_so() -> None:
    status, page = answer(MovedMeanwhile("张科长刚刚保存过。"))

    assert (status, OVERTAKEN in page, "张科长刚刚保存过。" in page) == (409, True, True)


@pytest.mark.parametrize("kind", [Refused, NotFromHere])
def test_any_other_refusal_says_only_why(kind: type[Refused]) -> None:
    status, page = answer(kind("请先填写理由。"))

    assert (status, OVERTAKEN in page) == (409, False)
    assert "这一步没有办成" in page
    assert "请先填写理由。" in page


def test_what_one_may_not_do_is_left_to_the_page_for_it() -> None:
    request = RequestFactory().post("/x")

    middleware = RefusalMiddleware(lambda request: None)  # type: ignore[arg-type]
    assert middleware.process_exception(request, Forbidden("不行")) is None
