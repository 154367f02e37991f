"""Any word of one to twenty characters finds exactly what LIKE finds, on this engine as on the other."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conduct.models import SearchText
from conduct.search import index, text
from conduct.search.engines import Question, engine

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)
# Few letters, so that words occur, overlap and nearly occur; with everything an office types or pastes.
ALPHABET = "窗口无人㛃䶮𬭎𰻞aBcＡß12%_'\"*-^(){}:. ，。？\\\n"
LETTERS = st.sampled_from(ALPHABET)
TEXTS = st.lists(st.text(LETTERS, max_size=30), min_size=1, max_size=12)
WORD = st.text(LETTERS, min_size=1, max_size=20).filter(lambda word: bool(text.fold(word).strip()))


def keep(texts: list[str], *, keys: str = " all ", day: date = DAY, first: int = 1) -> list[SearchText]:
    """Texts as a source would hand them over, each in one part."""
    start = int(f"{day:%Y%m%d}") * index.A_DAY + first
    rows = [
        SearchText(
            pk=start + n, source="tests.row", subject_id=str(start + n), keys=keys, folded=text.fold(item)
        )
        for n, item in enumerate(texts)
    ]
    SearchText.objects.bulk_create(rows)
    engine().renew([], rows)
    return rows


def found(*words: str, **limits: object) -> list[int]:
    folded = [text.fold(word) for word in words]
    return [place for place, _, _ in index.find(Question(words=folded, **limits), most=500)]  # type: ignore[arg-type]


def by_like(word: str) -> list[int]:
    """What LIKE finds, with the word's own signs taken as they are."""
    pattern = text.fold(word)
    for sign in "\\%_":
        pattern = pattern.replace(sign, f"\\{sign}")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM conduct_searchtext WHERE folded LIKE %s ESCAPE '\\' ORDER BY id DESC",
            [f"%{pattern}%"],
        )
        return [row[0] for row in cursor.fetchall()]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=TEXTS, word=WORD)
def test_a_word_finds_what_like_finds(texts: list[str], word: str) -> None:
    index.empty()
    keep(texts)

    assert found(word) == by_like(word)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=TEXTS, data=st.data())
def test_every_stretch_of_a_text_finds_it(texts: list[str], data: st.DataObject) -> None:
    index.empty()
    rows = keep([*texts, "三号窗口，无人值守AB岗"])
    row = data.draw(st.sampled_from([row for row in rows if row.folded.strip()]))
    start = data.draw(st.integers(0, len(row.folded) - 1))
    word = row.folded[start : start + data.draw(st.integers(1, 20))]

    assert row.pk in found(word)
    assert found(word) == by_like(word)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=TEXTS, after=TEXTS, word=WORD)
def test_a_text_that_changed_is_found_by_what_it_says_now(
    before: list[str], after: list[str], word: str
) -> None:
    index.empty()
    old = keep(before)
    SearchText.objects.all().delete()
    start = old[0].pk
    new = [
        SearchText(pk=start + n, source="tests.row", subject_id=str(n), keys=" all ", folded=text.fold(item))
        for n, item in enumerate(after)
    ]
    SearchText.objects.bulk_create(new)
    engine().renew(old, new)

    assert found(word) == by_like(word)


@pytest.mark.parametrize(
    "word", ["窗口", "口", "窗口无人", "㛃", "𬭎", "䶮𬭎", "AB", "ab岗", "%", "_", "50%", '"', "*"]
)
def test_single_letters_rare_letters_and_signs_are_found(word: str) -> None:
    hit = keep([f"前面{word}后面"])
    keep(["什么也没有", "口窗"[:1], "人口"], day=date(2026, 3, 3))

    assert hit[0].pk in found(word)
    assert found(word) == by_like(word)


def test_pairs_that_only_meet_by_chance_are_no_hit() -> None:
    keep(["窗口 口无 无人", "无人窗口", "口无窗口无", "窗口\x1f口无\x1f无人"])

    assert found("窗口无人") == []


def test_a_common_word_is_found_newest_first_and_no_further_than_asked() -> None:
    rows = keep(["窗口无人值守"] * 120)

    places = index.find(Question(words=["窗口"]), most=50)

    assert [place for place, _, _ in places] == [row.pk for row in rows[:-51:-1]]


def test_one_can_look_on_from_any_place_and_back() -> None:
    rows = [row.pk for row in keep(["窗口"] * 40)]

    assert found("窗口", beyond=rows[20]) == rows[19::-1]
    assert found("窗口", beyond=rows[20], turned=True) == rows[21:]


def test_old_texts_are_found_behind_many_new_ones() -> None:
    """Beyond what is read as it stands, the blocks of the index are asked."""
    old = keep(["渗漏"], day=date(2020, 1, 1))
    keep(["窗口无人值守"] * 2_100)

    assert found("渗漏") == [old[0].pk]
    assert found("渗") == [old[0].pk]
    assert found("渗漏", turned=True) == [old[0].pk]
    assert found("渗漏", keys=["all"]) == [old[0].pk]
    assert found("渗漏", keys=["east"]) == []


def test_all_words_must_be_there() -> None:
    rows = keep(["窗口无人", "窗口", "无人"])

    assert found("窗口", "无人") == [rows[0].pk]


def test_only_texts_of_which_one_holds_a_key_are_found() -> None:
    east = keep(["窗口无人"], keys=" east0001 east00010002 ")
    keep(["窗口无人"], keys=" west0001 ", first=50)

    assert found("窗口", keys=["east0001"]) == [east[0].pk]
    assert found("窗口", keys=["east00010002", "none"]) == [east[0].pk]
    assert found("窗口", keys=["east"]) == []
