"""What laying out a bulletin costs over drawing the same lines already laid: one JSON line with the ratio."""

import json
import random
import sys
import time
from collections.abc import Callable
from dataclasses import replace

from conduct.pdfkit import fontset
from conduct.pdfkit.paint import paint
from reports.papers import Bulletin
from reports.pdf import bulletin
from tests.papers import samples

FINDINGS = 200
# A bulletin of this length uses about so many different characters, common ones most.
VOCABULARY = 1800
LONGEST_SENTENCE = 24
RUNS = 15


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _varied(paper: Bulletin) -> Bulletin:
    """The bulletin with other facts in every case, as real findings have."""
    draw = random.Random(9704)
    common = [bytes((0xB0 + at // 94, 0xA1 + at % 94)).decode("gb2312", "ignore") for at in range(VOCABULARY)]

    def sentence() -> str:
        length = draw.randrange(8, LONGEST_SENTENCE)
        return "".join(common[int(VOCABULARY * draw.random() ** 2)] for _ in range(length))

    def facts() -> str:
        return f"2026年11月{draw.randrange(1, 29)}日，" + "，".join(sentence() for _ in range(7)) + "。"

    return replace(
        paper, cases=tuple(replace(case, facts=facts(), result=sentence()) for case in paper.cases)
    )


def measure(*, findings: int = FINDINGS, runs: int = RUNS) -> dict[str, float | int | str]:
    """CPU of paper JSON to PDF, and of drawing its lines already laid; the least of interleaved runs."""
    fonts = fontset.load()
    kept = _varied(samples.bulletin(findings, units=findings)).to_json()
    laid = bulletin.lay_out(Bulletin.from_json(kept), fonts=fonts)
    size = len(paint(laid))
    whole, floor = [], []
    for _ in range(runs):
        floor.append(_seconds(lambda: paint(laid)))
        whole.append(_seconds(lambda: bulletin.render(Bulletin.from_json(kept), fonts=fonts)))
    return {
        "bench": "bulletin",
        "findings": findings,
        "pages": len(laid.pages),
        "kilobytes": size // 1024,
        "floor_ms": round(min(floor) * 1000, 1),
        "ms": round(min(whole) * 1000, 1),
        "ratio": round(min(whole) / min(floor), 3),
    }


def main() -> None:
    """Print the measurement as one JSON line."""
    sys.stdout.write(json.dumps(measure(), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
