"""How a request finds its person: account, posts, home unit, unread messages and the office's name in one query.

Every page asks for all of them, so they are not asked for one by one.
"""

from __future__ import annotations

from django.contrib.auth.backends import ModelBackend
from django.db import models
from django.db.models import Exists, OuterRef, Subquery

from conduct.models import Office
from conduct.prepared import Prepared

from . import access
from .models import Unit, User
from .queries.messages import UNREAD, unread

OFFICE_NAME = "office_name"
NAMES = Office.objects.order_by("pk").values("name")[:1]
HELD = Prepared(
    lambda pk, day: access.held_on(day=day, pk=pk).annotate(
        is_alone=~Exists(Unit.objects.filter(parent=OuterRef("unit"))),
        **{OFFICE_NAME: Subquery(NAMES), UNREAD: unread(pk)},
    ),
    pk=models.IntegerField(),
    day=models.DateField(),
)


class Accounts(ModelBackend):
    """Accounts with a password."""

    def get_user(self, user_id: int) -> User | None:
        """The person of a session, None when the account may not be used."""
        person = _with_posts(user_id)
        return person if person and self.user_can_authenticate(person) else None


def _with_posts(pk: int) -> User | None:
    """The person, also one who holds no post today."""
    held = HELD(pk=pk, day=access.today())
    if not held:
        return User.objects.select_related("home_unit").filter(pk=pk).first()
    person: User = held[0].user
    for post in held:
        post.user = person
    access.remember_posts(person, held)
    for name in (OFFICE_NAME, UNREAD):
        person.__dict__[name] = getattr(held[0], name)
    return person
