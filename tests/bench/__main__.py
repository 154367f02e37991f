"""`make bench`: the pages as ratios to the floor, on both engines, one JSON line each."""

from __future__ import annotations

import argparse
import os
import sys

from tests.bench import chain_bench, ladder_bench, report, search_bench, stock, xlsx_bench

SCALE = 100_000


def main() -> int:
    """Measure what was asked for; returns how many runs failed."""
    asked = parser().parse_args()
    failed = 0
    if asked.ladder and not (asked.scale or asked.page or asked.engine):
        return ladder_bench.measure()
    for engine in asked.engine or stock.ENGINES:
        for scale in asked.scale or [int(os.environ.get("SCALE", SCALE))]:
            words = [str(asked.rounds), *(asked.page or [])]
            failed += run(engine, scale, "pages", "measure", *words, fresh=asked.fresh)
        if asked.audit and not asked.page:
            failed += chain_bench.measure(engine, asked.audit)
        if asked.texts and not asked.page:
            failed += search_bench.measure(engine, asked.texts)
        if asked.xlsx:
            failed += xlsx_bench.measure(engine, asked.xlsx)
        if asked.load:
            failed += run(engine, (asked.scale or [SCALE])[0], "load", "load", str(asked.load))
    if asked.ladder:
        failed += ladder_bench.measure()
    if asked.report:
        report.write()
    return failed


def parser() -> argparse.ArgumentParser:
    """What can be asked for."""
    words = argparse.ArgumentParser(prog="make bench", description=__doc__)
    words.add_argument("--scale", type=int, action="append", help=f"findings, {SCALE} unless told; repeat it")
    words.add_argument("--rounds", type=int, default=40)
    words.add_argument("--engine", choices=stock.ENGINES, action="append")
    words.add_argument("--page", action="append", help="only this page; repeat it")
    words.add_argument(
        "--audit",
        type=int,
        default=chain_bench.ROWS,
        metavar="ROWS",
        help="rows of the audit to prove, 0 for none",
    )
    words.add_argument(
        "--texts",
        type=int,
        default=search_bench.TEXTS,
        metavar="TEXTS",
        help="texts to search among, 0 for none",
    )
    words.add_argument(
        "--xlsx",
        type=int,
        default=0,
        metavar="ROWS",
        help="also the ledger of so many findings as a workbook",
    )
    words.add_argument("--fresh", action="store_true", help="build the city anew")
    words.add_argument("--load", type=float, default=0, metavar="SECONDS", help="also four people at once")
    words.add_argument(
        "--ladder",
        action="store_true",
        help="the ladder over 10,000 and 100,000 open findings; alone, nothing else",
    )
    words.add_argument(
        "--report", action="store_true", help="write docs/performance.md from what was measured"
    )
    return words


def run(engine: str, scale: int, kind: str, module: str, *words: str, fresh: bool = False) -> int:
    """Measure on one engine in a process of its own, and keep its lines; 1 when it failed."""
    command = [sys.executable, "-m", f"tests.bench.{module}", *words]
    with stock.copy_of(engine, scale, fresh=fresh) as environ:
        return report.measured(f"{kind}-{engine}-{scale}", command, environ)


if __name__ == "__main__":
    sys.exit(main())
