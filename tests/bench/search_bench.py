"""The search at 1,000,000 texts: milliseconds of each kind of word, on both engines, one JSON line each.

python -m tests.bench.search_bench [--texts 1000000] [--engine sqlite]: the texts are kept under build/ for next time.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import inspect
import json
import os
import random
import shutil
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

from tests import services
from tests.bench import report
from tests.bench.stock import KEPT, ROOT

TEXTS = 1_000_000
AT_MOST_MS = report.SEARCH_AT_MOST
ROUNDS = 15
SEED = 7
LAST_DAY = date(2026, 11, 20)
DAYS = 720
COUNTIES, UNITS = 10, 20
A_BATCH = 5_000
# (name, word, share of the texts that hold it, only texts so old): planted beside what the sentences hold anyway.
PLANTED = (
    ("every second text", "窗口无人", 0.4, 0.0),
    ("one in fifty", "公车私用", 0.02, 0.0),
    ("one in five hundred", "超标接待", 0.002, 0.0),
    ("a few", "渗漏", 0.000_005, 0.0),
    ("once common, gone now", "疫情防控", 0.3, 0.6),
    ("twenty letters", "未按规定登记造册也未落实离岗请假报备制度", 0.05, 0.0),
    ("Latin", "ab岗", 0.1, 0.0),
)
ABSENT = (("absent", "鼎湖化工厂"), ("absent, one letter", "鼎"), ("absent, of common letters", "人无口窗"))
ONE_LETTER = (("one common letter", "人"), ("one rare letter", "渗"))
REACHES = {
    "city": ["finding0001", "answer0001", "notice0001", "bulletin0001", "visit0001", "visitor1"],
    "county": ["finding00010003", "answer00010003", "notice00010003"],
    "unit": ["finding000100030007", "answer000100030007", "notice000100030007"],
}


def main() -> int:
    """Measure what was asked for; returns how many engines could not be measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=TEXTS)
    parser.add_argument("--engine", choices=("sqlite", "postgresql"), action="append")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.inside:
        return inside(asked.texts)
    return sum(measure(engine, asked.texts) for engine in asked.engine or ("sqlite", "postgresql"))


def measure(engine: str, texts: int) -> int:
    """Measure on one engine in a process of its own; returns 1 when that failed."""
    made_of = (inspect.getsource(rows), str(PLANTED), *(str(part) for part in (SEED, DAYS, COUNTIES, UNITS)))
    engines = sorted((ROOT / "conduct" / "search").glob("*.py"))
    digest = hashlib.sha256(
        "".join([*made_of, *(path.read_text() for path in engines)]).encode()
    ).hexdigest()[:12]
    folder = KEPT / f"search-{engine}-{texts}-{digest}"
    for old in KEPT.glob(f"search-{engine}-{texts}-*"):
        if old != folder:
            shutil.rmtree(old)
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    with served(engine, folder) as url:
        environ = {key: value for key, value in os.environ.items() if not key.startswith("TEST_")}
        environ |= {"DJANGO_SETTINGS_MODULE": "tests.bench.settings", "TEST_DATABASE_URL": url}
        environ |= {"BENCH_FOLDER": str(folder)}
        command = [sys.executable, "-m", "tests.bench.search_bench", "--inside", "--texts", str(texts)]
        return report.measured(f"search-{engine}-{texts}", command, environ)


@contextlib.contextmanager
def served(engine: str, folder: Path) -> Iterator[str]:
    """The address of the database in the folder."""
    if engine == "sqlite":
        yield f"sqlite:///{folder / 'office.sqlite3'}"
        return
    with services.postgres(kept=folder / "cluster") as url:
        yield url


def inside(texts: int) -> int:
    """Fill the database where it is empty, then ask every word in every reach."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    fill(texts)
    slow = 0
    for reach, keys in REACHES.items():
        words = [(name, word) for name, word, _, _ in PLANTED]
        for name, word in (*words, *ABSENT, *ONE_LETTER):
            slow += ask(reach, keys, name, word)
    return int(slow > 0)


def fill(texts: int) -> None:
    """Made-up texts over two years, with what is planted in them."""
    from django.db import connection, transaction

    from conduct.models import SearchText
    from conduct.search import index
    from conduct.search.engines import engine
    from reports.demo.bulk import Table

    if not index.is_empty():
        return
    begun, written = time.perf_counter(), 0
    with transaction.atomic():
        engine().begin_anew()
        table = Table(SearchText)
        batch = []
        for row in rows(texts):
            batch.append(row)
            table.add(
                id=row.pk, source=row.source, subject_id=row.subject_id, keys=row.keys, folded=row.folded
            )
            written += len(row.folded)
            if len(batch) == A_BATCH:
                table.write()
                engine().put_anew(batch)
                batch = []
        table.write()
        engine().put_anew(batch)
        engine().finish()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    say(page="fill", texts=texts, letters=written // texts, seconds=round(time.perf_counter() - begun, 1))


def rows(texts: int) -> Iterator[object]:
    """The texts, oldest first."""
    from conduct.models import SearchText
    from conduct.search import index, text
    from reports.demo import words

    rng = random.Random(SEED)
    sentences = [row["facts"] for found in words.SEEN.values() for row in found]
    letters = [letter for sentence in sentences for letter in sentence if ord(letter) > 0x2000]
    per_day = -(-texts // DAYS)
    for number in range(texts):
        day = LAST_DAY - timedelta(days=DAYS - 1 - number // per_day)
        age = 1 - number / texts
        parts = [rng.choice(sentences), "".join(rng.choices(letters, k=rng.randint(20, 80))), str(number)]
        parts += [word for _, word, share, older in PLANTED if age >= older and rng.random() < share]
        rng.shuffle(parts)
        path = f"0001{rng.randint(1, COUNTIES):04d}{rng.randint(1, UNITS):04d}"
        keys = " ".join(f"finding{path[:end]}" for end in (4, 8, 12))
        yield SearchText(
            pk=int(f"{day:%Y%m%d}") * index.A_DAY + 1 + number % per_day,
            source="findings.finding",
            subject_id=f"{number:032x}",
            keys=f" {keys} ",
            folded=text.joined(parts),
        )


def ask(reach: str, keys: list[str], name: str, word: str) -> int:
    """One line about one word; returns 1 when it took too long."""
    from conduct.search import index
    from conduct.search.engines import Question

    question = Question(words=[word], keys=keys)
    found = index.find(question, most=101)
    first, best = timed(lambda: index.find(question, most=101))
    middle = found[len(found) // 2][0] if found else None
    later, _ = timed(lambda: index.find(Question(words=[word], keys=keys, beyond=middle), most=21))
    told = {"found": len(found), "first_page_ms": first, "best_ms": best, "next_page_ms": later}
    say(reach=reach, word=name, **told, at_most_ms=AT_MOST_MS)
    return int(first > AT_MOST_MS)


def timed(find: Callable[[], object]) -> tuple[float, float]:
    """The median of some rounds and the best of them, in milliseconds: neighbours on the machine only add."""
    costs = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        find()
        costs.append((time.perf_counter() - begun) * 1000)
    return round(statistics.median(costs), 2), round(min(costs), 2)


def say(**facts: object) -> None:
    """One JSON line."""
    from django.db import connection

    print(json.dumps({"engine": connection.vendor, **facts}, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    sys.exit(main())
