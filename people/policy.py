"""Who may knock at the doors of people, and at the few that belong to no floor."""

from __future__ import annotations

from people.doors import PUBLIC, SIGNED_IN, Door

DOORS: dict[str, Door] = {
    "login": PUBLIC,
    "logout": SIGNED_IN,
    "password_change": SIGNED_IN,
    "password_change_done": SIGNED_IN,
    "people:healthz": PUBLIC,
    "people:readyz": PUBLIC,
}
