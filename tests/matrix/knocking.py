"""Who is answered what at which door: asked of every door, told beforehand from the policy and the visibility table."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from findings.views import co_units, plans, revisits, supervisions, transfers, triage
from inspections.views import campaigns, visits
from people.doors import Door
from people.middleware.doors import WITHOUT_FACTOR
from people.views import post_changes
from reports.views import bulletins, corrections

from .ground import NORTH_WORD, SEALED_WORD, Arguments, Ground, missing_like, of, people_rows
from .matters import Side
from .pages import read
from .people import AWAY, OF_ONE_PERSON, Asker, kind_of
from .walk import Answer, Sent, Walk, as_posted, call, filled, plain, send

MOVES: dict[str, list[str]] = {
    "inspections:campaign_move": sorted(campaigns.ACTIONS),
    "inspections:visit_move": sorted(visits.ACTIONS),
    "findings:move": sorted(triage.STEPS),
    "findings:part_move": sorted(co_units.SAID),
    "findings:plan_move": sorted(plans.SAID),
    "findings:revisit_move": sorted(revisits.STEPS),
    "findings:supervision_move": sorted(supervisions.SAID),
    "findings:transfer_move": sorted(transfers.SAID),
    "reports:bulletin_move": sorted(bulletins.SAID),
    "reports:correction_move": sorted(corrections.SAID),
    "people:post_change_decide": sorted(post_changes.ACTS),
    "people:recovery_decide": ["confirm", "refuse"],
}
# What somebody who is admitted and sees the row may be told: done, led on, not you, not so, not now.
WELCOME = frozenset({200, 302, 403, 409, 422})
# To what must be done first, whatever was asked about.
LED_ON = frozenset({302})
OWN, NORTH, SEALED, MISSING, NOTHING = "own", "north", "sealed", "missing", "-"
# Two keys in one address: a row of one's own, and behind it somebody else's, or nothing.
MIXED, NONE_OF_OWN = "own, then north", "own, then missing"


@dataclass(frozen=True)
class Knock:
    """One request and what came of it."""

    door: str
    method: str
    move: str
    asker: str
    thing: str
    status: int
    leads: str
    expected: frozenset[int]
    text: str
    queries: int
    changes: int
    shows: tuple[str, ...]

    @property
    def is_as_told(self) -> bool:
        return self.status in self.expected

    @property
    def question(self) -> tuple[str, str, str, str]:
        return self.door, self.method, self.move, self.asker


def expected(door: Door, name: str, asker: Asker, method: str, thing: str) -> frozenset[int]:
    """The answer by the table of doors, and for a row by who knows of it."""
    if method.upper() not in door.methods:
        return frozenset({404})
    if asker.name in AWAY:
        return WELCOME | {404} if door.public else LED_ON
    if not door.admits(method.upper(), asker.roles):
        return frozenset({403})
    if asker.lacks_factor and name not in WITHOUT_FACTOR and not door.public:
        return LED_ON
    if thing in (MISSING, MIXED, NONE_OF_OWN):
        return frozenset({404})
    kind = kind_of(name)
    if thing == NOTHING or not kind:
        # Of a list or an empty form: what is asked for may be missing in it.
        return WELCOME | {404} if thing == NOTHING else WELCOME
    is_of_all = asker.sees_city and kind not in OF_ONE_PERSON
    is_known = (is_of_all and thing != SEALED) or (thing == OWN and asker.sees(kind))
    return WELCOME if is_known else frozenset({404})


def things(ground: Ground, name: str, doors: Mapping[str, Door]) -> dict[str, Arguments]:
    """What the door can be asked about: one row of each standing."""
    if name in plain(doors):
        return {NOTHING: ()}
    shared = people_rows(ground).get(name)
    if shared:
        return {OWN: shared[0], MISSING: missing_like(shared[0]) if shared[0] != ("speech",) else ("none",)}
    kind = kind_of(name)

    def first(side: Side) -> Arguments | None:
        return next(iter(of(kind)(side)), None)

    own, north, sealed = first(ground.south), first(ground.north), first(ground.sealed)
    assert own and north, name
    found = {OWN: own, NORTH: north, MISSING: missing_like(own)}
    if sealed:
        found[SEALED] = sealed
    if len(own) > 1:
        found |= {MIXED: (own[0], *north[1:]), NONE_OF_OWN: (own[0], *missing_like(own[1:]))}
    return found


def knocks(
    ground: Ground, askers: Mapping[str, Asker], doors: Mapping[str, Door], walked: Walk
) -> Iterator[Knock]:
    """Everybody at every door, with everything."""
    legal = _legal(walked)
    for name, door in doors.items():
        for thing, arguments in things(ground, name, doors).items():
            for move in MOVES.get(name, [""]):
                url = reverse(name, args=[*arguments, move] if move else arguments)
                for asker in askers.values():
                    for method in ("get", "post"):
                        told = expected(door, name, asker, method, thing)
                        if _is_said_already(door, asker, method, thing, move, name):
                            continue
                        data = as_posted(legal.get((name, move), [])) if method == "post" else None
                        answer = call(asker, method, url, data)
                        yield _noted(name, method, move, asker, thing, answer, told, url)


def _is_said_already(door: Door, asker: Asker, method: str, thing: str, move: str, name: str) -> bool:
    """Whom the door turns away at once, before any row is looked for, is asked about one row and one move."""
    turned_away = asker.name in AWAY or not door.admits(method.upper(), asker.roles)
    turned_away |= method.upper() not in door.methods
    is_first = move == MOVES.get(name, [""])[0]
    return turned_away and (thing not in (OWN, NOTHING) or not is_first)


def _noted(
    name: str,
    method: str,
    move: str,
    asker: Asker,
    thing: str,
    answer: Answer,
    told: frozenset[int],
    url: str,
) -> Knock:
    shows = tuple(word for word in (NORTH_WORD, SEALED_WORD) if word in answer.text)
    text = answer.text.replace(url, "")
    return Knock(
        door=name,
        method=method,
        move=move,
        asker=asker.name,
        thing=thing,
        status=answer.status,
        leads=answer.response.headers.get("Location", ""),
        expected=told,
        text=f"{len(text)} {hashlib.sha256(text.encode()).hexdigest()}",
        queries=answer.written.queries,
        changes=len(answer.written.business()),
        shows=shows,
    )


def _legal(walked: Walk) -> dict[tuple[str, str], Any]:
    """What is sent at each door by those who may."""
    found: dict[tuple[str, str], Any] = {}
    for sent in walked.sent:
        found.setdefault((sent.door, sent.move), sent.data)
    return found


def differing(knocks: list[Knock]) -> list[str]:
    """Where a row one must not know of is answered otherwise than one that is not there, or leads elsewhere."""
    groups: dict[tuple[Any, ...], list[Knock]] = {}
    for knock in knocks:
        if knock.expected == LED_ON or (knock.expected == {404} and knock.thing not in (OWN, NOTHING)):
            is_second_key = knock.expected != LED_ON and knock.thing in (MIXED, NONE_OF_OWN)
            groups.setdefault((*knock.question, is_second_key), []).append(knock)
    found = []
    for question, group in groups.items():
        told = {(knock.status, knock.leads, knock.text, knock.queries) for knock in group}
        if len(told) > 1:
            found.append(f"{question}: {sorted((k.thing, k.status, k.text[:12], k.queries) for k in group)}")
    return found


def surprises(knocks: list[Knock]) -> list[str]:
    """Where the answer is not the one told beforehand."""
    return [
        f"{k.method} {k.door} {k.move} by {k.asker} about {k.thing}: {k.status}, told {sorted(k.expected)}"
        for k in knocks
        if not k.is_as_told
    ]


def successes(walked: Walk) -> dict[tuple[str, str], tuple[Sent, Answer]]:
    """For each door and move the first form that was carried out."""
    found: dict[tuple[str, str], tuple[Sent, Answer]] = {}
    for sent in walked.sent:
        if (sent.door, sent.move) in found:
            continue
        answer = send(sent)
        if not answer.is_done and answer.status == 200:
            answer = _confirmed(sent, answer) or answer
        if answer.is_done:
            found[sent.door, sent.move] = sent, answer
    return found


def _confirmed(sent: Sent, answer: Answer) -> Answer | None:
    """The second step of what is looked at first and then confirmed: the form the first step answered with."""
    forms, _ = read(answer.page, here=sent.url)
    for form in forms:
        if form.action == sent.url and form.names & {"token"}:
            data = filled(form)
            second = call(sent.asker, "post", sent.url, as_posted(data))
            if second.is_done:
                sent.data, sent.form = data, form
                return second
    return None
