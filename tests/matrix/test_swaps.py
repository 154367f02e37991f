"""Another's key in any field, question or hidden mark changes nothing of another's and shows nothing of it."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import path

from conduct import urls as roof
from findings.models import Finding, SetAside
from people.doors import SIGNED_IN
from people.middleware import doors as doorkeeper
from people.middleware import held, table

from .ground import NORTH_WORD, SEALED_WORD, Ground
from .pages import Control, Form
from .people import Asker
from .swapping import NUMBERED, Foreign, Swap, every_field, harm, outcome, poisoned, questions, swaps
from .walk import Answer, Sent, Walk, call, send

# The sweeps speak of forms and addresses and of no engine; the matrix itself runs on both.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
# People whose posts reach the whole city may name what is anybody's.
OF_THE_CITY = ("city_clerk", "system_admin", "security_admin", "auditor")
# One of each side asks every question of the pages again.
CURIOUS = ("clerk", "unit_head", "team_leader")
NOWHERE = "鼹鼠洞"
Done = dict[tuple[str, str], tuple[Sent, Answer]]


@pytest.fixture(scope="package")
def foreign(ground: Ground) -> Foreign:
    return Foreign(ground)


def test_a_key_of_anothers_in_a_form_does_no_harm(done: Done, foreign: Foreign, plainly: None) -> None:
    tried, harmed = 0, []
    for sent, _ in done.values():
        if sent.asker.name in OF_THE_CITY:
            continue
        for swap in swaps(sent, foreign):
            tried += 1
            harmed += [
                f"{swap.what} by {sent.asker.name}: {what}" for what in harm(send(sent, swap.data), foreign)
            ]

    assert harmed == []
    assert tried > 100
    # Named after a number, and so renamed.
    assert any(NUMBERED.fullmatch(name) for sent, _ in done.values() for name, _ in sent.data)


def test_a_key_of_anothers_in_a_question_shows_nothing(walked: Walk, foreign: Foreign, plainly: None) -> None:
    tried, harmed = 0, []
    for url, asker in walked.asked.values():
        if asker.name not in CURIOUS:
            continue
        for asked in questions(url, foreign):
            tried += 1
            harmed += [f"{asked} by {asker.name}: {what}" for what in told_by(asker, asked, foreign)]

    assert harmed == []
    assert tried > 50


def told_by(asker: Asker, asked: str, foreign: Foreign) -> list[str]:
    """What the answer tells of others; a word that was typed must be answered like one that is nowhere."""
    answer = call(asker, "get", asked)
    typed = [word for word in (NORTH_WORD, SEALED_WORD) if word in asked]
    told = [what for what in harm(answer, foreign) if not (what.startswith("shows") and what[6:] in typed)]
    for word in typed:
        nowhere = call(asker, "get", asked.replace(word, NOWHERE))
        if blank(answer, word) != blank(nowhere, NOWHERE):
            told.append(f"finds {word}")
    return told


def blank(answer: Answer, word: str) -> str:
    """The page without the word that was typed."""
    return answer.text.replace(word, "").replace(quote(word), "")


def test_a_field_nobody_offered_changes_nothing(ground: Ground, done: Done) -> None:
    changed = []
    for sent, answer in done.values():
        for extra, more in poisoned(sent, every_field(sent, ground)):
            names = [name for name, _ in extra][:3]
            changed += [f"{sent.door} {names}: {what}" for what in outcome(more) - outcome(answer)]
            if more.status >= 500:
                changed.append(f"{sent.door} {names} broke")

    assert changed == []


def leaky(request: HttpRequest) -> HttpResponse:
    """A form that believes every key and every field it is sent."""

    class AnyFinding(forms.ModelForm):
        class Meta:
            model = Finding
            fields = ("title", "place")

    numbers = [name.removeprefix("reason_of_") for name in request.POST if name.startswith("reason_of_")]
    if numbers:
        return HttpResponse(SetAside.objects.filter(pk=numbers[0]).values_list("reason", flat=True))
    finding = Finding.objects.get(pk=request.POST["finding"])
    form = AnyFinding(request.POST, instance=finding)
    form.is_valid()
    finding.place = request.POST.get("requirement", finding.place)
    form.save()
    Finding.objects.filter(pk=finding.pk).update(requirement=request.POST.get("requirement", ""))
    return HttpResponse(finding.facts)


@pytest.fixture
def planted(ground: Ground, people: dict[str, Asker], monkeypatch: Any, settings: Any) -> Sent:
    """The leaky form as a door of the house, and what its page would send."""
    pattern = path("leaky/", leaky, name="leaky")
    settings.ROOT_URLCONF = (*roof.urlpatterns, pattern)
    more = {**table(), "leaky": SIGNED_IN}
    monkeypatch.setattr(doorkeeper, "table", lambda: more)
    monkeypatch.setattr(held, "table", lambda: more)
    own = str(ground.south.rows["finding"][0].pk)
    form = Form("/leaky/", "post", [Control("finding", "hidden", own), Control("title", "text", "新标题")])
    data = [(control.name, control.value) for control in form.controls]
    return Sent("leaky", people["clerk"], "/leaky/", data, form)


def test_the_sweep_sees_a_form_that_believes_every_key(planted: Sent, foreign: Foreign) -> None:
    found = [what for swap in swaps(planted, foreign) for what in harm(send(planted, swap.data), foreign)]

    assert any(what.startswith("changes findings_finding") for what in found)


def test_the_sweep_sees_a_form_that_believes_a_number_in_a_name(
    ground: Ground, planted: Sent, foreign: Foreign
) -> None:
    [own] = ground.south.rows["set_aside"]
    planted.data = [("row", str(own.pk)), (f"reason_of_{own.pk}", "情节轻微。")]

    found = [swap.what for swap in swaps(planted, foreign) if harm(send(planted, swap.data), foreign)]

    assert any(what.endswith("renamed") for what in found)


def test_the_sweep_sees_a_page_that_shows_anothers_row(
    ground: Ground, planted: Sent, foreign: Foreign
) -> None:
    north = str(ground.north.rows["finding"][0].pk)

    answer = send(planted, [("finding", north), ("title", "新标题")])

    assert any(what.startswith("shows") for what in harm(answer, foreign))


def test_the_sweep_sees_a_form_that_believes_every_field(ground: Ground, planted: Sent) -> None:
    plain = outcome(send(planted))

    more = outcome(send(planted, [*planted.data, *every_field(planted, ground)])) - plain

    assert {column for _, _, column, _ in more} >= {"requirement", "place"}


def test_a_swap_names_the_field_it_was_put_in(planted: Sent, foreign: Foreign) -> None:
    [first, *_] = list(swaps(planted, foreign))

    assert isinstance(first, Swap)
    assert "finding=" in first.what
