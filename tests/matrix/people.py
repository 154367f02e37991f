"""Who asks in the matrix, and whose rows each of them may know of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from people.models import Sitting, User
from people.roles import Role
from tests.factories.signing import sitting_key

from .ground import Ground

# Nobody behind the request: what they are answered is the way to the sign-in page.
AWAY = ("anonymous", "disabled", "idle", "absolute")
KINDS: dict[str, frozenset[str]] = {
    # Whose rows of the South each person of the South sees; the sealed plan and the North: nobody of them.
    "campaign": frozenset({"inspector", "team_leader", "clerk", "leader"}),
    "visit": frozenset({"inspector", "team_leader", "clerk", "leader"}),
    "photo": frozenset({"inspector", "team_leader", "clerk", "leader"}),
    "finding": frozenset({"clerk", "leader", "unit_head", "liaison", "reader"}),
    "evidence": frozenset({"clerk", "leader", "unit_head", "liaison", "reader"}),
    "notice": frozenset({"clerk", "leader", "unit_head", "liaison", "reader"}),
    "attachment": frozenset({"clerk", "leader", "unit_head", "liaison", "reader"}),
    "measure": frozenset({"clerk", "leader"}),
    "plan_item": frozenset({"clerk", "leader", "unit_head", "liaison", "reader"}),
    "pair": frozenset({"clerk", "leader", "unit_head", "liaison", "reader"}),
    # Of the clerk who keeps it: need to know, however far somebody's post reaches.
    "revisit": frozenset({"clerk"}),
    "transfer": frozenset({"clerk", "leader", "unit_head", "liaison", "reader"}),
    # One is the part of another unit, which sees that part alone.
    "part": frozenset({"clerk", "leader", "unit_head", "liaison", "reader"}),
    "part_file": frozenset({"clerk", "leader", "unit_head", "liaison", "reader", "other_head"}),
    "supervision": frozenset({"clerk", "leader", "unit_head", "liaison", "reader"}),
    "extension": frozenset({"clerk", "leader", "unit_head", "liaison", "reader"}),
    "objection": frozenset({"clerk", "leader", "unit_head", "liaison", "reader"}),
    "objection_evidence": frozenset({"clerk", "leader", "unit_head", "liaison", "reader"}),
    # A person's own views, shared with nobody, and workbooks.
    "ledger_view": frozenset({"clerk"}),
    "ledger_export": frozenset({"clerk"}),
    # The draft of a bulletin is the office's own.
    "bulletin": frozenset({"clerk", "leader"}),
    # To be signed: the unit and the reading leader see it once it is issued.
    "correction": frozenset({"clerk", "leader"}),
    "run": frozenset({"clerk", "leader"}),
    "case_file": frozenset({"clerk", "leader"}),
    "post_change": frozenset({"leader"}),
    "message": frozenset({"unit_head"}),
}
# Read by the one person it was told, or who needs to know, whatever their post reaches.
OF_ONE_PERSON = frozenset({"message", "revisit", "ledger_export", "ledger_view"})
DOORS_OF: dict[str, str] = {
    "people:message": "message",
    "people:post_change": "post_change",
    "inspections:campaign_": "campaign",
    "inspections:visit_photo": "photo",
    "inspections:visit_thumb": "photo",
    "inspections:visit_": "visit",
    "findings:notice_": "notice",
    "findings:receive": "notice",
    "findings:attachment": "attachment",
    "findings:evidence": "evidence",
    "findings:item_": "plan_item",
    "findings:pair_photo": "pair",
    "findings:revisit": "revisit",
    "findings:part_add": "finding",
    "findings:part_attachment": "part_file",
    "findings:part": "part",
    "findings:transfer_ask": "finding",
    "findings:transfer": "transfer",
    "findings:supervision": "supervision",
    "findings:extension_ask": "finding",
    "findings:extension": "extension",
    "findings:objection_evidence": "objection_evidence",
    "findings:objection": "objection",
    "findings:export": "ledger_export",
    "findings:view": "ledger_view",
    "findings:": "finding",
    "accountability:of_finding": "finding",
    "accountability:record": "finding",
    "accountability:": "measure",
    "reports:bulletin_": "bulletin",
    "reports:corrections_of_notice": "notice",
    "reports:correction_": "correction",
    "reports:job": "run",
    "reports:case_files": "finding",
    "reports:case_file_pdf": "case_file",
}


@dataclass
class Asker:
    """Somebody at a browser.

    sees_city:    their posts reach the whole tree
    lacks_factor: the house requires a second factor, and they have bound none
    """

    name: str
    client: Client
    roles: frozenset[Role]
    user: User | None = None
    sees_city: bool = False
    lacks_factor: bool = False

    def sees(self, kind: str) -> bool:
        """Whether rows of the South of this kind are theirs to know of."""
        return (self.sees_city and kind not in OF_ONE_PERSON) or self.name in KINDS[kind]


def kind_of(door: str) -> str:
    """What kind of row a door with a key is about; empty where all who enter share the rows."""
    return next((kind for start, kind in DOORS_OF.items() if door.startswith(start)), "")


def browser(user: User) -> Client:
    """A browser in which the person is signed in; a fault of the house is an answer to look at."""
    client = Client(raise_request_exception=False)
    client.force_login(user)
    # Once for good, so that no request after it need note the browser.
    client.get(reverse("people:healthz"))
    return client


def askers(ground: Ground) -> list[Asker]:
    """Every role of the South, those who must not see its matters, and the three administrators."""
    south, city = ground.south.cast, ground.city
    return [
        Asker("inspector", browser(south.inspector), frozenset({Role.INSPECTOR}), south.inspector),
        Asker(
            "outsider", browser(south.outside_inspector), frozenset({Role.INSPECTOR}), south.outside_inspector
        ),
        Asker("team_leader", browser(south.team_leader), frozenset({Role.TEAM_LEADER}), south.team_leader),
        Asker("clerk", browser(south.clerk), frozenset({Role.OFFICE_CLERK}), south.clerk),
        Asker("leader", browser(south.leader), frozenset({Role.OFFICE_LEADER}), south.leader),
        Asker("unit_head", browser(south.east_head), frozenset({Role.UNIT_HEAD}), south.east_head),
        Asker("liaison", browser(south.east_liaison), frozenset({Role.UNIT_LIAISON}), south.east_liaison),
        Asker("other_head", browser(south.west_head), frozenset({Role.UNIT_HEAD}), south.west_head),
        Asker("reader", browser(south.reader), frozenset({Role.READING_LEADER}), south.reader),
        Asker("city_clerk", browser(city.clerk), frozenset({Role.OFFICE_CLERK}), city.clerk, sees_city=True),
        *administrators(ground),
        *away(ground),
    ]


def without_factor(people: dict[str, Asker]) -> dict[str, Asker]:
    """An office, a unit, an administrator, as they are in a house that requires what they have not bound."""
    names = {who: f"{who} without a second factor" for who in ("clerk", "unit_head", "auditor")}
    return {name: replace(people[who], name=name, lacks_factor=True) for who, name in names.items()}


def administrators(ground: Ground) -> list[Asker]:
    """The three who run the system and know nothing of its business."""
    city = ground.city
    return [
        Asker(
            "system_admin",
            browser(city.system_admin),
            frozenset({Role.SYSTEM_ADMIN}),
            city.system_admin,
            sees_city=True,
        ),
        Asker(
            "security_admin",
            browser(city.security_admin),
            frozenset({Role.SECURITY_ADMIN}),
            city.security_admin,
            sees_city=True,
        ),
        Asker("auditor", browser(city.auditor), frozenset({Role.AUDITOR}), city.auditor),
    ]


def away(ground: Ground) -> list[Asker]:
    """Nobody, and three whom the door no longer knows."""
    disabled = browser(ground.south.cast.third_clerk)
    User.objects.filter(pk=ground.south.cast.third_clerk.pk).update(is_active=False)
    idle, absolute = browser(ground.south.cast.second_clerk), browser(ground.south.cast.second_clerk)
    quiet = timezone.now() - timedelta(minutes=settings.IDLE_MINUTES + 1)
    _sittings(idle).update(seen_at=quiet)
    long_ago = timezone.now() - timedelta(hours=settings.SITTING_HOURS, minutes=1)
    _sittings(absolute).update(started_at=long_ago)
    anonymous = Client(raise_request_exception=False)
    clients = dict(zip(AWAY, (anonymous, disabled, idle, absolute), strict=True))
    return [Asker(name, client, frozenset()) for name, client in clients.items()]


def _sittings(client: Client) -> QuerySet[Sitting]:
    return Sitting.objects.filter(pk=sitting_key(client))
