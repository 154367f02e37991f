"""Which tests run on which engine: what speaks to the engine on both, the rest of the floors on one, by its file.

`make test` runs every test; `make test-long` runs those of the other half once more on the other engine (ADR 0048).
"""

from __future__ import annotations

import zlib
from pathlib import PurePosixPath

# Folders whose tests are about everybody at every door, about faults, and about the whole line.
ON_BOTH = ("matrix", "faults", "journeys", "cases")
# What in a path tells of queries, figures, searching, locking, jobs, the chain, numbers, and what an engine refuses.
SPEAKING = (
    "access",
    "anchor",
    "backend",
    "broker",
    "chain",
    "every_number",
    "far_days",
    "guard",
    "jobs",
    "junk",
    "ledger",
    "number",
    "prepared",
    "quer",
    "relay",
    "rollup",
    "search",
    "sealing",
    "spans",
    "strangers",
    "tallies",
    "tree",
)
ENGINES = ("sqlite", "postgresql")


def is_on(engine: str, *, path: str, is_drawn: bool) -> bool:
    """Whether `make test` runs the tests of this file on that engine.

    path: below tests/, with slashes; is_drawn: it reads what a page shows, which no engine changes
    """
    if is_drawn:
        return engine == "sqlite"
    if PurePosixPath(path).parts[0] in ON_BOTH or any(word in path for word in SPEAKING):
        return True
    return ENGINES[zlib.crc32(path.encode()) % 2] == engine
