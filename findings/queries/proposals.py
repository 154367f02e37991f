"""What the office is offered to start from when it makes one finding of several things."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from findings.models import Finding
from inspections.models import Observation, Taxonomy

MOST_TITLE = 80


def of_observations(observations: Sequence[Observation]) -> dict[str, Any]:
    """One finding of several observations: texts joined, counts added up."""
    first = observations[0]
    departments = _joined(seen.visit.department for seen in observations)
    return {
        "title": f"{departments}{first.indicator.name}"[:MOST_TITLE],
        "facts": "\n".join(seen.facts for seen in observations),
        "category": first.indicator.code,
        "department": departments[:60],
        "place": _joined(seen.place or seen.visit.place for seen in observations)[:120],
        "person_post": _joined(seen.person_post for seen in observations)[:60],
        "persons": sum(seen.persons for seen in observations),
        "count": sum(seen.count for seen in observations),
        "names_person": any(seen.person_post or seen.persons for seen in observations),
        "rule_item": next((seen.rule_item_id for seen in observations if seen.rule_item_id), None),
    }


def of_findings(findings: Sequence[Finding]) -> dict[str, Any]:
    """One finding of several: texts joined, counts added up, the gravest grade."""
    first = findings[0]
    return {
        "title": first.title,
        "facts": "\n".join(finding.facts for finding in findings),
        "category": first.category.code,
        "department": _joined(finding.department for finding in findings)[:60],
        "place": _joined(finding.place for finding in findings)[:120],
        "person_post": _joined(finding.person_post for finding in findings)[:60],
        "persons": sum(finding.persons for finding in findings),
        "count": sum(finding.count for finding in findings),
        "names_person": any(finding.names_person for finding in findings),
        "rule_item": next((finding.rule_item_id for finding in findings if finding.rule_item_id), None),
        "grade": max((finding.grade for finding in findings if finding.grade), default=None),
        "causes": sorted({cause.pk for finding in findings for cause in finding.causes.all()}),
    }


def of_part(finding: Finding, observations: Sequence[Observation]) -> dict[str, Any]:
    """The part that is split off, as the last observation tells it and the whole was graded."""
    return of_observations(observations[-1:]) | {"grade": finding.grade} if observations else {}


def taxonomy_of(observation: Observation) -> Taxonomy:
    """The version of the scheme the observation was made under."""
    return observation.indicator.taxonomy


def _joined(texts: Any) -> str:
    return "、".join(dict.fromkeys(text for text in texts if text))
