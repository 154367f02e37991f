"""People, the units they serve, the posts that join the two, and how people come in."""

from .factor import Authenticator, Recovery
from .held import HeldFile, HeldForm
from .post import Post, PostQuerySet
from .post_change import PostChange
from .sitting import KnownBrowser, Sitting, Throttle
from .unit import Unit, UnitQuerySet
from .user import User, UserManager

__all__ = [
    "Authenticator",
    "HeldFile",
    "HeldForm",
    "KnownBrowser",
    "Post",
    "PostChange",
    "PostQuerySet",
    "Recovery",
    "Sitting",
    "Throttle",
    "Unit",
    "UnitQuerySet",
    "User",
    "UserManager",
]
