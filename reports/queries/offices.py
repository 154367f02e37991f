"""The offices a person drafts bulletins for."""

from __future__ import annotations

from people import access
from people.access import Asker
from people.models import Unit
from people.roles import GRANTS, Permission, Role


def drafted_for(user: Asker) -> list[Unit]:
    """The units where the person holds a post that drafts, the highest first."""
    units = {
        post.unit.pk: post.unit
        for post in access.posts_of(user)
        if Permission.BULLETIN_DRAFT in GRANTS[Role(post.role)]
    }
    return sorted(units.values(), key=lambda unit: unit.path)
