"""What came of putting right, in numbers: how it is typed, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

MOST_RULES = 20
MOST_TITLE = 120
MOST_NUMBER = 60
# The last of these on a line stands between the title of a rule and its number.
BETWEEN = re.compile(r"[|｜,，]")
NONE = frozenset({"无", "没有"})
FIGURES: dict[str, str] = {
    "places_checked": "举一反三排查了多少处",
    "places_found": "其中发现同类问题多少处",
    "money_returned": "清退金额（元）",
}


@dataclass(frozen=True)
class Rule:
    """A rule made or changed: its title, and its number where it has one."""

    title: str
    number: str = ""


@dataclass(frozen=True)
class Outcome:
    """What a report says came of it. dealt: people by kind of measure, only kinds with somebody in them."""

    places_checked: int | None = None
    places_found: int | None = None
    money_returned: Decimal | None = None
    rules: tuple[Rule, ...] = ()
    dealt: Mapping[str, int] = field(default_factory=dict)


def rules_of(text: str) -> list[Rule]:
    """The rules typed one a line: title, then 文号 behind a comma or bar; a lone 无 is none."""
    lines = [line.strip(" \t；;。") for line in text.splitlines()]
    return [_rule(line) for line in lines if line and line not in NONE]


def written(rules: list[Rule]) -> str:
    """The same the other way round, for the form."""
    return "\n".join(f"{rule.title}，{rule.number}" if rule.number else rule.title for rule in rules)


def objection_to_rules(rules: list[Rule]) -> str:
    """What is wrong with the list of rules; nothing when it can be kept."""
    if len(rules) > MOST_RULES:
        return f"制度最多列 {MOST_RULES} 件，现在是 {len(rules)} 件。请只列与本问题有关的。"
    for place, rule in enumerate(rules, 1):
        if not rule.title:
            return f"第 {place} 件制度只有文号，没有名称，请补上。"
        if len(rule.title) > MOST_TITLE or len(rule.number) > MOST_NUMBER:
            return f"第 {place} 件制度写得太长：名称最多 {MOST_TITLE} 个字，文号最多 {MOST_NUMBER} 个字。"
    return ""


def objection_to_places(*, checked: int | None, found: int | None) -> str:
    """More places with the same problem than were looked at cannot be."""
    if found is not None and found > (checked or 0):
        return "发现同类问题的处数不能多于排查的处数，请核对。"
    return ""


def missing_figures(values: Mapping[str, object]) -> list[str]:
    """Names of the figures still to be given; nothing to tell is told by a nought."""
    return [f"{label}（没有的填 0）" for name, label in FIGURES.items() if values.get(name) is None]


def _rule(line: str) -> Rule:
    found = list(BETWEEN.finditer(line))
    if not found:
        return Rule(_bare(line))
    last = found[-1]
    return Rule(_bare(line[: last.start()]), line[last.end() :].strip())


def _bare(title: str) -> str:
    return title.strip().removeprefix("《").removesuffix("》")
