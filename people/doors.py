"""Which roles may knock at which URL with which method; each floor lists its doors in `policy.py`.

A door says who may ask at all; whose rows they then see is answered by people.access. No Django here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from .roles import Permission, Role, roles_with

ANYONE = frozenset(Role)
NOBODY: frozenset[Role] = frozenset()


@dataclass(frozen=True)
class Door:
    """Who may send which method to one URL name.

    public:     open without an account
    signed_in:  any account, with or without a post
    only:       "GET" or "POST" where a door without roles takes but one of them
    form:       what people fill in here, for the page that offers a form again
    is_kept:    a form posted too late is kept for its author; never one that holds a password or a code
    codes:      what is asked the one-time code again, by move, or by "post" or "get": words for the person
    """

    get: frozenset[Role] = NOBODY
    post: frozenset[Role] = NOBODY
    public: bool = False
    signed_in: bool = False
    only: str = ""
    form: str = "填写的内容"
    is_kept: bool = True
    codes: Mapping[str, str] = field(default_factory=dict)

    def named(self, form: str) -> Door:
        """The same door, with a name for what is filled in there."""
        return replace(self, form=form)

    def taking(self, method: str) -> Door:
        """The same door, for one method alone."""
        return replace(self, only=method)

    def asking(self, **words: str) -> Door:
        """The same door, asking for a code before approving, signing or exporting."""
        return replace(self, codes=words)

    def act_named(self, *, method: str, move: str) -> str:
        """What is about to be done, in words, when it takes a code; empty when it takes none."""
        if method == "HEAD":
            method = "GET"
        return self.codes.get(move if move and method == "POST" else method.lower(), "")

    @property
    def methods(self) -> frozenset[str]:
        """Methods there is anything behind; to every other the address does not exist."""
        is_for_all = self.public or self.signed_in
        found = set()
        if self.get or (is_for_all and self.only != "POST"):
            found |= {"GET", "HEAD"}
        if self.post or (is_for_all and self.only != "GET"):
            found.add("POST")
        return frozenset(found)

    def admits(self, method: str, roles: frozenset[Role]) -> bool:
        """Whether someone of these roles may send this method."""
        if self.public or self.signed_in:
            return True
        return bool(roles & (self.post if method == "POST" else self.get))


def reads(*permissions: Permission) -> Door:
    """A page to look at, for holders of any of the permissions."""
    return Door(get=roles_with(*permissions))


def acts(*permissions: Permission) -> Door:
    """A POST-only door for holders of any of the permissions."""
    return Door(post=roles_with(*permissions))


def fills(*permissions: Permission) -> Door:
    """A form: the same people may look at it and send it."""
    held = roles_with(*permissions)
    return Door(get=held, post=held)


def answers(reading: Permission, writing: Permission) -> Door:
    """A page many may read, with a form on it that fewer may send."""
    return Door(get=roles_with(reading), post=roles_with(writing))


PUBLIC = Door(public=True)
SIGNED_IN = Door(signed_in=True)
OWN_SECRET = Door(signed_in=True, is_kept=False)
