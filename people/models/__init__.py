"""People, the units they serve, and the posts that join the two."""

from .post import Post, PostQuerySet
from .unit import Unit, UnitQuerySet
from .user import User, UserManager

__all__ = ["Post", "PostQuerySet", "Unit", "UnitQuerySet", "User", "UserManager"]
