from __future__ import annotations

import hashlib

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import reverse

from conduct import clock
from people.asking import SignedInRequest
from reports.actions import feeds
from reports.queries import feeds as query

TOO_OFTEN = "请求过于频繁，请一分钟后再试。"


def settings(request: SignedInRequest) -> HttpResponse:
    """The person's own feed: make an address, make it anew, close it."""
    address = ""
    if request.method == "POST" and request.POST.get("act") == "revoke":
        feeds.revoke(by=request.user, at=clock.now())
        messages.success(request, "已停用日历订阅，原来的地址不能再用。")
        return redirect("reports:feed_settings")
    if request.method == "POST":
        token = feeds.renew(by=request.user, at=clock.now())
        address = request.build_absolute_uri(reverse("reports:feed", args=[token]))
    answer = render(request, "reports/feed.html", {"address": address, "row": query.of_own(request.user)})
    answer["Cache-Control"] = "no-store"
    return answer


@login_not_required
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The deadlines of whoever the token belongs to, as they stand now."""
    row, at = query.row_of(token), clock.now()
    if row is None:
        raise Http404
    if not feeds.count(row=row, at=at):
        return HttpResponse(TOO_OFTEN, status=429, headers={"Retry-After": "60"}, content_type="text/plain")
    root = request.build_absolute_uri("/")
    body = query.written(user=row.user, today=clock.day_of(at), root=root)
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    headers = {"ETag": tag, "Cache-Control": "private, max-age=900"}
    return HttpResponse(body, content_type="text/calendar; charset=utf-8", headers=headers)
