"""Names of persons in a bulletin not signed yet: the paper tells units and posts, but texts are what people typed."""

from __future__ import annotations

from collections.abc import Iterator

from people.models import User
from reports import papers
from reports.models import Bulletin
from reports.moves.bulletin import UNSIGNED

SHORTEST = 2
MOST = 20


def seen_in(*, bulletin: Bulletin, paper: papers.Bulletin) -> list[str]:
    """Where a text holds the name of somebody with an account, in words; a word may only look like a name.

    paper: as it would be signed now; once the bulletin is signed nothing is looked for
    """
    if bulletin.state not in {*UNSIGNED, Bulletin.State.SUBMITTED}:
        return []
    texts = list(_texts(paper))
    whole = "\n".join(text for _, text in texts)
    names = [name for name in _names() if name in whole]
    return [f"{place}：{name}" for place, text in texts for name in names if name in text][:MOST]


def _names() -> Iterator[str]:
    for name in User.objects.order_by("name").values_list("name", flat=True).distinct():
        if len(name) >= SHORTEST:
            yield name


def _texts(paper: papers.Bulletin) -> Iterator[tuple[str, str]]:
    yield "情况说明", paper.overview
    for number, case in enumerate(paper.cases, start=1):
        said = (case.heading, case.facts, case.place, case.post, case.result)
        yield f"第{number}件", "\n".join(text for text in said if text)
