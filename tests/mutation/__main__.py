"""`make mutants`: change the code in every small way mutmut knows, and see whether a test notices.

Which files and which tests: [tool.mutmut] in pyproject.toml. What survives, and why it may: docs/mutation.md.
After a round, those of one file again: build/mutants/bin/mutmut run "people.access*"; one to look at: mutmut show NAME.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COPY = ROOT / "mutants"
LEAST = 90
# What a file is about, by the beginning of its path.
MODULES = {
    "people/": "准入",
    "conduct/moves": "办理步骤",
    "conduct/calendar/": "工作日历",
    "conduct/chain/": "审计链",
}
NOTICED = ("killed", "timeout")
# What the end of a run of the tests says of a mutant, as mutmut counts it; main() holds it to mutmut's own table.
FATES: dict[int | None, str] = {
    1: "killed",
    3: "killed",
    0: "survived",
    **dict.fromkeys((36, 24, -24, 152, 255), "timeout"),
    **dict.fromkeys((5, 33), "no tests"),
    **dict.fromkeys((-11, -9), "segfault"),
    2: "check was interrupted by user",
    34: "skipped",
    35: "suspicious",
    37: "caught by type check",
    None: "not checked",
}


def module_of(path: str) -> str:
    """The module a file belongs to."""
    return next(name for beginning, name in MODULES.items() if path.startswith(beginning))


def fates() -> dict[str, dict[str, str]]:
    """What became of each mutant, file by file."""
    found = {}
    for meta in sorted(COPY.rglob("*.py.meta")):
        codes = json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"]
        path = meta.relative_to(COPY).as_posix().removesuffix(".meta")
        found[path] = {mutant: FATES.get(code, "suspicious") for mutant, code in codes.items()}
    return found


def tell(found: dict[str, dict[str, str]]) -> int:
    """Print the figures and the survivors; returns how many modules lie below the least."""
    low = 0
    for name in MODULES.values():
        counts = Counter(fate for path in found if module_of(path) == name for fate in found[path].values())
        total, noticed = counts.total(), sum(counts[fate] for fate in NOTICED)
        share = 100 * noticed / total if total else 0.0
        low += share < LEAST
        print(f"{name}：{total} 处改动，{noticed} 处被测试发现，{total - noticed} 处未被发现，{share:.1f}%")
    for path in found:
        for mutant, fate in found[path].items():
            if fate not in NOTICED:
                print(f"    {fate}  {mutant}")
    print(f"未达标：{low} 个模块不足 {LEAST}%" if low else f"达标：各模块均不低于 {LEAST}%", flush=True)
    return low


def main() -> int:
    """Make all mutants anew, try each, and tell."""
    # Only the environment of `make mutants` holds it.
    from mutmut.stats import status_by_exit_code

    if dict(status_by_exit_code) != FATES:
        raise LookupError(f"mutmut counts otherwise now: {dict(status_by_exit_code)}")
    shutil.rmtree(COPY, ignore_errors=True)
    environ = {key: value for key, value in os.environ.items() if not key.startswith("TEST_")}
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        run = [str(Path(sys.executable).parent / "mutmut"), "run"]
        done = subprocess.run(run, cwd=ROOT, env=environ | {"TMPDIR": folder}, check=False)
    return done.returncode or tell(fates())


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
