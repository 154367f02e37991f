"""The inbox of each person, how they want to be told, and letters that did not arrive."""

from __future__ import annotations

import uuid

from django.contrib import messages as told
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from conduct import clock, paging
from conduct.messages import kinds, ways
from conduct.shapes import Crumb
from people.actions import messages as acts
from people.asking import SignedInRequest
from people.forms.messages import InboxFilterForm, MessageSettingsForm
from people.queries import messages

from .answers import page, tried

INBOX = "people:messages"


@never_cache
def listing(request: SignedInRequest) -> HttpResponse:
    """What the person was told, the newest first."""
    form = InboxFilterForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    rows = messages.inbox(request.user, is_unread=bool(asked.get("unread")), kind=asked.get("kind", ""))
    found = paging.keyset(rows, order=("-at", "id"), request_get=request.GET, bound=1000, noun="条消息")
    context = {
        "filter_form": form,
        "is_filtered": any(asked.values()),
        "lines": messages.lines(found.rows),
        "pager": found.pager,
        "has_unread": any(row.read_at is None for row in found.rows),
    }
    return render(request, "people/messages.html", context, status=422 if form.errors else 200)


@never_cache
def detail(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """One message; with that it is read."""
    row = acts.opened(message=messages.get_for(request.user, pk), at=clock.now())
    context = {
        "row": row,
        "kind": kinds.label_of(row.kind),
        "unread": messages.unread_count(request.user),
        "crumbs": [Crumb("消息", reverse(INBOX)), Crumb(kinds.label_of(row.kind))],
    }
    return render(request, "people/message.html", context)


@never_cache
def count(request: SignedInRequest) -> HttpResponse:
    """The number in the top bar, which asks for itself."""
    return render(request, "_parts/_inbox.html")


def mark_read(request: SignedInRequest) -> HttpResponse:
    """Mark those that were ticked, or all, as read."""
    ticked = None if "all" in request.POST else messages.known_keys(request.POST.getlist("message"))
    done = acts.mark_read(keys=ticked, by=request.user, at=clock.now())
    told.success(request, f"已将 {done} 条消息标为已读。" if done else "没有未读的消息要标记。")
    return redirect(INBOX)


@never_cache
def settings(request: SignedInRequest) -> HttpResponse:
    """How the person wants to be told."""
    row = messages.settings_of(request.user)
    form = MessageSettingsForm.of(row, request.POST or None)
    if request.method == "POST" and form.is_valid():
        wish, version = form.wish(row), form.cleaned_data["version"]
        if tried(
            form, lambda: acts.save_settings(wish=wish, expected=version, by=request.user, at=clock.now())
        ):
            told.success(request, "消息设置已保存。")
            return redirect("people:message_settings")
    context = {
        "floors": kinds.all_of(floors=True),
        "offered": [ways.NAMES[key] for key in ways.provided()],
        "is_on": bool(ways.chosen(row)),
        "latest": messages.latest(request.user),
        "crumbs": [Crumb("消息", reverse(INBOX)), Crumb("消息设置")],
    }
    return page(request, "people/message_settings.html", form, context)


def trial(request: SignedInRequest) -> HttpResponse:
    """Send oneself a message, to see whether it arrives."""
    acts.send_trial(by=request.user, at=clock.now())
    told.success(request, "测试消息已排队，一般一分钟内送达。没有收到的，请回到本页看原因。")
    return redirect("people:message_settings")


def deliveries(request: SignedInRequest) -> HttpResponse:
    """How the providers fare, and the letters that were given up: no word of theirs."""
    context = {"providers": messages.providers(), "dead": messages.dead(), "most": messages.MOST_DEAD}
    return render(request, "people/deliveries.html", context)


def retry(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """Try one of them again."""
    acts.retry(delivery=messages.get_dead(pk), by=request.user, at=clock.now())
    told.success(request, "已重新排队投递。")
    return redirect("people:deliveries")
