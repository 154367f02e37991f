"""`make bench`: the pages as ratios to the floor, on both engines, one JSON line each."""

from __future__ import annotations

import argparse
import contextlib
import os
import subprocess
import sys
from pathlib import Path

from tests import services

ROOT = Path(__file__).resolve().parent.parent.parent


def measure(engine: str, *, scale: int, rounds: int) -> int:
    """Measure on one engine in a process of its own."""
    with contextlib.ExitStack() as stack:
        environ = {key: value for key, value in os.environ.items() if not key.startswith("TEST_")}
        environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
        if engine == "postgresql":
            environ["TEST_DATABASE_URL"] = stack.enter_context(services.postgres())
        command = [sys.executable, "-m", "tests.bench.measure", str(scale), str(rounds)]
        return subprocess.run(command, cwd=ROOT, env=environ, check=False).returncode


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
