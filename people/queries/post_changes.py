"""Wishes to give or end a post, and which of them wait for somebody."""

from __future__ import annotations

from django.db.models import BooleanField, Case, Q, QuerySet, Value, When
from django.http import Http404

from people import access
from people.models import Post, PostChange, User
from people.roles import Permission

ASKED = PostChange.State.ASKED
MOST_COUNTED = 99


def visible(*, to: User) -> QuerySet[PostChange]:
    """The wishes about units within the person's reach; `is_theirs` says that one waits for this person."""
    rows = access.visible(PostChange.objects.all(), to, Permission.POSTS_DECIDE, path_field="unit__path")
    theirs = Case(When(_waits_for(to), then=Value(True)), default=Value(False), output_field=BooleanField())
    return rows.select_related("user", "unit", "asked_by", "decided_by", "post").annotate(is_theirs=theirs)


def listed(*, to: User, state: str = "") -> QuerySet[PostChange]:
    """For lists that page through them. state: "" the open ones | a state | all."""
    rows = visible(to=to)
    return rows if state == "all" else rows.filter(state=state or ASKED)


def waiting_count(user: User) -> int:
    """How many wishes this person may decide now, counted as far as a menu shows."""
    rows = access.visible(PostChange.objects.all(), user, Permission.POSTS_DECIDE, path_field="unit__path")
    return rows.filter(_waits_for(user))[:MOST_COUNTED].count()


def open_count(*, to: User) -> int:
    """How many wishes within the person's reach wait for anybody."""
    rows = access.visible(PostChange.objects.all(), to, Permission.POSTS_DECIDE, path_field="unit__path")
    return rows.filter(state=ASKED).count()


def open_of(post: Post) -> PostChange | None:
    """The open wish that concerns this post."""
    rows = PostChange.objects.select_related("asked_by")
    return rows.filter(state=ASKED, user=post.user_id, unit=post.unit_id, role=post.role).first()


def get(pk: int, *, to: User) -> PostChange:
    """One wish within the person's reach. Raises: Http404"""
    found = visible(to=to).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _waits_for(user: User) -> Q:
    return Q(state=ASKED) & ~Q(asked_by=user) & ~Q(user=user)
