"""`make bench`: the pages as ratios to the floor, on both engines, one JSON line each."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

from tests.bench import stock


def measure(engine: str, *, scale: int, rounds: int) -> int:
    """Measure on one engine in a process of its own."""
    with stock.copy_of(engine, scale) as environ:
        command = [sys.executable, "-m", "tests.bench.measure", str(scale), str(rounds)]
        return subprocess.run(command, cwd=stock.ROOT, env=environ, check=False).returncode


def main() -> int:
    """Measure what was asked for; returns how many engines could not be measured."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--scale", type=int, default=int(os.environ.get("SCALE", "10000")))
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--engine", choices=("sqlite", "postgresql"), action="append")
    asked = parser.parse_args()
    engines = asked.engine or ["sqlite", "postgresql"]
    return sum(measure(engine, scale=asked.scale, rounds=asked.rounds) != 0 for engine in engines)


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
