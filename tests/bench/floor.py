"""The floor: a bare Django view with the usual middleware, a 50-row table of 7 columns from one indexed query.

Every page is told as a ratio to it, taken in the same run, because milliseconds drift with the machine.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.test import Client, override_settings
from django.urls import path
from django.utils import timezone

from tests.bench.models import FloorRow

ROWS = 20_000
USUAL_MIDDLEWARE = [
    "tests.bench.floor.own_urls",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
PAGE = Engine().from_string(
    """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>列表</title></head><body><table>
<thead><tr><th>编号</th><th>单位</th><th>事实</th><th>等次</th><th>状态</th><th>发现时间</th><th>期限</th></tr></thead>
<tbody>{% for row in rows %}<tr>
<td><a href="/floor/{{ row.pk }}/">{{ row.number }}</a></td>
<td>{{ row.unit|truncatechars:30 }}</td>
<td>{{ row.facts|truncatechars:30 }}</td>
<td><span class="grade">{{ row.get_grade_display }}</span></td>
<td><span class="state">{{ row.get_state_display }}</span></td>
<td>{{ row.found_at|date:"Y-m-d H:i" }}</td>
<td>{{ row.due_on|date:"Y-m-d" }}</td>
</tr>{% endfor %}</tbody></table></body></html>"""
)


def own_urls(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware that lets the floor have its URL without the product knowing it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.urlconf = "tests.bench.floor"  # type: ignore[attr-defined]
        return get_response(request)

    return middleware


def floor(request: HttpRequest) -> HttpResponse:
    """Fifty rows, newest first."""
    rows = FloorRow.objects.order_by("-found_at")[:50]
    return HttpResponse(PAGE.render(Context({"rows": rows})))


urlpatterns = [path("floor/", floor)]


def fill() -> None:
    """Make the table and its rows."""
    with connection.schema_editor() as editor:
        editor.create_model(FloorRow)
    now = timezone.now()
    facts = "检查组到达时办事大厅三个窗口中有一个无人值守，桌面未摆放去向牌，群众等候约二十分钟，值班负责人到场后说明。"
    FloorRow.objects.bulk_create(
        (
            FloorRow(
                number=f"〔2026〕{number}号",
                unit=f"第{number % 40}街道办事处",
                facts=facts,
                grade=FloorRow.Grade.SLIGHT if number % 3 else FloorRow.Grade.GRAVE,
                state=FloorRow.State.OPEN if number % 2 else FloorRow.State.CLOSED,
                found_at=now - timedelta(minutes=number),
                due_on=(now + timedelta(days=number % 30)).date(),
            )
            for number in range(ROWS)
        ),
        batch_size=2000,
    )


def client() -> Client:
    """A client whose handler carries the usual middleware only."""
    usual = Client()
    with override_settings(MIDDLEWARE=USUAL_MIDDLEWARE):
        usual.handler.load_middleware()
    return usual
