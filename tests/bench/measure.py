"""Measure the pages on one engine: seed a scratch database, then take turns between the floor and each page."""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch

from tests.bench.stock import ACCOUNTS

WARM_UP = 3


def main(rounds: int, wanted: list[str]) -> None:
    """Print one JSON line a page. wanted: names of pages, all without any."""
    django.setup()
    accounts = json.loads((Path(os.environ["BENCH_FOLDER"]) / ACCOUNTS).read_text())

    from tests.bench import floor, pages

    usual = floor.client()
    for page in pages.PAGES:
        if wanted and page.name not in wanted:
            continue
        try:
            ask = asker(page.scene(accounts))
            figures = compare(lambda: usual.get("/floor/"), ask, rounds)
        except (NoReverseMatch, LookupError) as fault:
            say(page=page.name, not_measured=str(fault)[:200])
            continue
        say(page=page.name, at_most=page.at_most, **figures)


def asker(scene: Any) -> Callable[[], HttpResponse]:
    """A function that makes the scene's next request as its person, and refuses to time a wrong answer."""
    client = Client(raise_request_exception=False)
    client.force_login(scene.person)
    turns = iter(range(sys.maxsize))

    def ask() -> HttpResponse:
        turn = next(turns)
        address = scene.address(turn)
        response = client.get(address) if scene.form is None else client.post(address, scene.form(turn))
        if response.status_code != scene.status:
            raise LookupError(f"{address} answered {response.status_code}, not {scene.status}")
        return response

    return ask


def compare(base: Callable[[], HttpResponse], ask: Callable[[], HttpResponse], rounds: int) -> dict[str, Any]:
    """Medians of both in turns, and their ratio."""
    for _ in range(WARM_UP):
        base()
        response = ask()
    with CaptureQueriesContext(connection) as queries:
        response = ask()
    asked = len(queries)  # the next request empties the log
    floors, pages = [], []
    for _ in range(rounds):
        floors.append(cost(base))
        pages.append(cost(ask))
    floor_cpu, floor_wall = medians(floors)
    cpu, wall = medians(pages)
    return {
        "status": response.status_code,
        "queries": asked,
        "kilobytes": round(len(response.content) / 1024, 1),
        "cpu_ms": round(cpu, 2),
        "wall_ms": round(wall, 2),
        "floor_cpu_ms": round(floor_cpu, 2),
        "floor_wall_ms": round(floor_wall, 2),
        "cpu_ratio": round(cpu / floor_cpu, 2),
        "wall_ratio": round(wall / floor_wall, 2),
    }


def cost(ask: Callable[[], HttpResponse]) -> tuple[float, float]:
    """CPU and wall milliseconds of one request."""
    cpu, wall = time.process_time(), time.perf_counter()
    ask()
    return (time.process_time() - cpu) * 1000, (time.perf_counter() - wall) * 1000


def medians(costs: list[tuple[float, float]]) -> tuple[float, float]:
    """Of CPU and of wall."""
    return statistics.median(cpu for cpu, _ in costs), statistics.median(wall for _, wall in costs)


def say(**facts: Any) -> None:
    """One JSON line."""
    print(json.dumps({"engine": connection.vendor, **facts}, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
