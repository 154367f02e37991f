"""Rows by substitution and parts drawn once say what the template engine would say, and let nothing through."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.template import engines
from django.template.loader import get_template
from django.utils.safestring import SafeString

from conduct import drawing
from conduct.shapes import NavItem

ROWS = "inspections/_visit_row.html"
HOSTILE = "<script>alert('一')</script> & \"%s\" {{ url }} {% now 'Y' %}"


@dataclass(frozen=True)
class Line:
    url: str = "/inspections/visits/1/"
    unit: str = "东区"
    visited: str = "2026年3月2日（周一）"
    method: str = "明察"
    campaign: str = "一批"
    team: str = "第一组"
    result: str = "2个问题"
    state: str = "已归档"
    tone: str = "done"


def by_the_engine(line: Line) -> str:
    source = get_template(ROWS).template.source  # type: ignore[attr-defined]
    return (
        engines["django"]
        .from_string(source)
        .render({name: getattr(line, name) for name in line.__match_args__})
    )


@pytest.mark.parametrize("unit", ["东区", HOSTILE, "", "100%", "㛃䶮𬭎"])
def test_a_row_reads_as_the_engine_draws_it(unit: str) -> None:
    line = Line(unit=unit)

    assert drawing.rows(ROWS, [line, line]).split() == (by_the_engine(line) * 2).split()


def test_what_people_typed_stays_text() -> None:
    drawn = drawing.rows(ROWS, [Line(unit=HOSTILE)])

    assert "<script" not in drawn
    assert "&lt;script&gt;alert(&#x27;一&#x27;)&lt;/script&gt; &amp; &quot;%s&quot; {{ url }}" in drawn


def test_a_part_already_drawn_is_taken_as_it_is() -> None:
    assert "<b>东区</b>" in drawing.rows(ROWS, [Line(unit=SafeString("<b>东区</b>"))])


@pytest.mark.parametrize("name", ["_parts/_nav.html", "_parts/_timeline.html", "findings/_no_light.html"])
def test_a_template_that_holds_more_than_names_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="plain"):
        drawing.rows(name, [])


def test_a_part_follows_its_values() -> None:
    first, second = NavItem("账号", "/accounts/"), NavItem("账号", "/accounts/", badge=3)

    one, other = (drawing.part("_parts/_nav.html", nav=(item,)) for item in (first, second))

    assert "3" not in one
    assert ">3<" in other


def test_a_part_is_drawn_once_for_the_same_values() -> None:
    item = NavItem("单位", "/units/")

    assert drawing.part("_parts/_nav.html", nav=(item,)) is drawing.part("_parts/_nav.html", nav=(item,))


def test_while_developing_a_part_is_always_drawn_anew(settings) -> None:
    settings.DEBUG = True
    item = NavItem("岗位", "/posts/")

    assert drawing.part("_parts/_nav.html", nav=(item,)) is not drawing.part("_parts/_nav.html", nav=(item,))
