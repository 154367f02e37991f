"""Every template compiles, names only what exists, and every page can be shown in an office with nothing in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template.loader import get_template
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from people.middleware import table
from people.roles import Role
from tests.factories.cast import give_post, make_unit, make_user, open_office
from tests.house.sources import ROOT

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
URL_TAG = re.compile(r"{%\s*url\s+['\"]([\w:]+)['\"]")
OUTSIDE = re.compile(r"(?:src|href|action)=[\"'](?:https?:)?//", re.I)
INLINE = re.compile(
    r"<script(?![^>]*\b(?:src|type=\"application/json\")=?)[^>]*>|\son\w+=\"|\sstyle=\"|<style", re.I
)


def names() -> set[str]:
    """Every URL name of the house, with its namespace."""
    found: set[str] = set()

    def walk(patterns: list[URLPattern | URLResolver], space: str) -> None:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns, f"{space}{pattern.namespace}:" if pattern.namespace else space)
            elif pattern.name:
                found.add(space + pattern.name)

    walk(get_resolver().url_patterns, "")
    return found


def short(path: Path) -> str:
    return str(path.relative_to(ROOT / "templates"))


@pytest.mark.parametrize("path", TEMPLATES, ids=short)
def test_the_template_compiles(path: Path) -> None:
    assert get_template(short(path)) is not None


def test_templates_name_only_urls_that_exist() -> None:
    known = names()
    unknown = [
        f"{short(path)} {name}"
        for path in TEMPLATES
        for name in URL_TAG.findall(path.read_text())
        if name not in known
    ]

    assert unknown == []


def test_templates_load_nothing_from_outside() -> None:
    assert [short(path) for path in TEMPLATES if OUTSIDE.search(path.read_text())] == []


def test_templates_carry_no_script_or_style_of_their_own() -> None:
    assert [short(path) for path in TEMPLATES if INLINE.search(path.read_text())] == []


def test_page_templates_extend_and_fragments_do_not() -> None:
    # What replaces a template of crispy bears its name.
    own = [path for path in TEMPLATES if path.parent.name != "bootstrap5"]
    pages = [path for path in own if path.name[0] != "_" and not path.name.startswith("base")]
    fragments = [path for path in TEMPLATES if path.name[0] == "_"]

    assert [short(path) for path in pages if not path.read_text().lstrip().startswith("{% extends")] == []
    assert [short(path) for path in fragments if "{% extends" in path.read_text()] == []


def empty_world_pages() -> list[tuple[str, Role]]:
    """Every page that needs no argument, with one role that may read it."""
    found = []
    for name, door in sorted(table().items()):
        try:
            reverse(name)
        except NoReverseMatch:
            continue
        if door.public or door.signed_in:
            found.append((name, Role.OFFICE_CLERK))
        elif door.get:
            found.append((name, sorted(door.get)[0]))
    return found


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "role"), empty_world_pages())
def test_the_page_can_be_shown_in_an_empty_office(client: Client, name: str, role: Role) -> None:
    open_office()
    city = make_unit("安平市")
    someone = make_user("someone", "某人", home=city)
    give_post(someone, city, role)
    client.force_login(someone)

    answer = client.get(reverse(name))

    assert answer.status_code in EXPECTED.get(name, {200, 302}), name


# Pages that in an empty office answer otherwise: set-up is over, or a question must be asked with words.
EXPECTED: dict[str, set[int]] = {
    "people:setup": {404},
    "logout": {404},
    "people:give_code": {404},
    "people:second_factor_change": {404},
    "people:messages_read": {404},
    "people:message_trial": {404},
}
