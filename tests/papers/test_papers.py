"""Papers are frozen, go to JSON and back, and the same JSON draws the same bytes."""

import hashlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conduct.pdfkit import fontset
from conduct.pdfkit.fontset import FontSet
from conduct.pdfkit.frozen import Paper
from findings.papers import Notice
from findings.pdf import notice
from inspections.papers import RecordSheet
from inspections.pdf import record_sheet
from reports.papers import Bulletin
from reports.pdf import bulletin
from tests.papers import reading, samples

ROOT = Path(__file__).parents[2]
PHOTOS = {samples.digest(data): data for data in (samples.photo(0), samples.photo(7, (600, 800)))}
ALL = [
    (samples.bulletin(2), bulletin),
    (samples.notice(2, *PHOTOS), notice),
    (samples.record_sheet(*PHOTOS), record_sheet),
]


@pytest.mark.parametrize(("paper", "drawer"), ALL)
def test_json_tells_the_whole_paper(paper: Paper, drawer: Any) -> None:
    assert type(paper).from_json(paper.to_json()) == paper


@pytest.mark.parametrize(("paper", "drawer"), ALL)
def test_the_same_json_draws_the_same_bytes(paper: Paper, drawer: Any, fonts: FontSet) -> None:
    again = type(paper).from_json(paper.to_json())

    assert drawer.render(paper, fonts=fonts, images=PHOTOS) == drawer.render(
        again, fonts=fonts, images=PHOTOS
    )


def test_another_process_with_another_hash_seed_draws_the_same_bytes(fonts: FontSet, tmp_path: Path) -> None:
    kept = tmp_path / "paper.json"
    kept.write_text(samples.bulletin(3).to_json(), encoding="utf-8")
    program = (
        "import hashlib, pathlib, sys\n"
        "from conduct.pdfkit import fontset\n"
        "from reports.papers import Bulletin\n"
        "from reports.pdf import bulletin\n"
        "paper = Bulletin.from_json(pathlib.Path(sys.argv[1]).read_text(encoding='utf-8'))\n"
        "print(hashlib.sha256(bulletin.render(paper, fonts=fontset.load())).hexdigest())\n"
    )
    environ = {**os.environ, "PYTHONHASHSEED": "7"}
    done = subprocess.run(
        [sys.executable, "-c", program, str(kept)],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=True,
    )

    here = hashlib.sha256(bulletin.render(samples.bulletin(3), fonts=fonts)).hexdigest()
    assert done.stdout.strip() == here


def test_a_json_of_another_paper_is_refused() -> None:
    with pytest.raises(ValueError, match="expected JSON of Notice"):
        Notice.from_json(samples.bulletin(0).to_json())


def test_a_field_the_paper_does_not_have_is_refused() -> None:
    whole = json.loads(samples.bulletin(0).to_json())
    whole["content"]["seal"] = "x"

    with pytest.raises(ValueError, match="seal"):
        Bulletin.from_json(json.dumps(whole))


def test_a_field_of_the_wrong_type_is_named() -> None:
    whole = json.loads(samples.bulletin(1).to_json())
    whole["content"]["cases"][0]["facts"] = 3

    with pytest.raises(ValueError, match=r"Case\.facts"):
        Bulletin.from_json(json.dumps(whole))


def test_a_field_that_came_later_takes_its_default() -> None:
    whole = json.loads(samples.bulletin(1).to_json())
    del whole["content"]["notes"]

    assert Bulletin.from_json(json.dumps(whole)).notes == ()


def test_json_holds_no_character_a_paper_cannot_print() -> None:
    paper = replace(samples.bulletin(0), title="通\x00报\ud800\u202e")

    assert json.loads(paper.to_json())["content"]["title"] == "通报"


@pytest.mark.parametrize(("paper", "drawer"), ALL)
def test_what_is_printed_can_be_copied(paper: Paper, drawer: Any, fonts: FontSet) -> None:
    text = reading.text_of(drawer.render(paper, fonts=fonts, images=PHOTOS))

    assert "安平市明察暗访工作领导小组办公室" in text
    assert "2026年11月12日上午10时30分" in text


def test_rare_surnames_and_emoji_are_copied_as_they_were_written(fonts: FontSet) -> None:
    paper = replace(samples.bulletin(0), overview="㛃䶮𬭎与😀🥲，及2²·•")

    assert "㛃䶮𬭎与😀🥲" in reading.text_of(bulletin.render(paper, fonts=fonts))


def test_markup_is_printed_literally(fonts: FontSet) -> None:
    paper = replace(samples.bulletin(0), overview="<b>加粗</b>&nbsp;{{x}}%(y)s\\(z\\)")

    assert "<b>加粗</b>&nbsp;{{x}}%(y)s\\(z\\)" in reading.text_of(bulletin.render(paper, fonts=fonts))


@pytest.mark.parametrize(("paper", "drawer"), ALL)
def test_title_issuer_and_language_stand_in_the_file(paper: Any, drawer: Any, fonts: FontSet) -> None:
    file = pypdf.PdfReader(io.BytesIO(drawer.render(paper, fonts=fonts, images=PHOTOS)))

    assert file.metadata is not None
    assert file.metadata.author == paper.issuer
    assert file.metadata.title
    assert file.trailer["/Root"]["/Lang"] == "zh-CN"


@pytest.mark.parametrize(
    ("paper", "drawer", "day"),
    [
        (*ALL[0], "20261202"),
        (replace(samples.notice(1), issued_on=date(2026, 11, 9)), notice, "20261109"),
        (
            replace(samples.record_sheet(), locked_at=datetime(2026, 11, 12, 20, tzinfo=UTC)),
            record_sheet,
            "20261113",
        ),
    ],
)
def test_the_file_bears_the_date_of_the_paper(paper: Paper, drawer: Any, day: str, fonts: FontSet) -> None:
    file = pypdf.PdfReader(io.BytesIO(drawer.render(paper, fonts=fonts)))

    assert file.metadata is not None
    assert {file.metadata["/CreationDate"], file.metadata["/ModDate"]} == {f"D:{day}000000+08'00'"}


def test_a_paper_without_a_date_claims_none(fonts: FontSet) -> None:
    draft = replace(samples.notice(1), issued_on=None)

    file = pypdf.PdfReader(io.BytesIO(notice.render(draft, fonts=fonts)))

    assert file.metadata is not None
    assert "/CreationDate" not in file.metadata


@pytest.mark.parametrize(("paper", "drawer"), ALL)
def test_every_font_is_embedded(paper: Paper, drawer: Any, fonts: FontSet) -> None:
    file = pypdf.PdfReader(io.BytesIO(drawer.render(paper, fonts=fonts, images=PHOTOS)))
    named: Mapping[str, Any] = file.pages[0]["/Resources"]["/Font"]  # type: ignore[index, assignment]
    descriptors = [font.get_object()["/DescendantFonts"][0]["/FontDescriptor"] for font in named.values()]

    assert descriptors
    assert all("/FontFile2" in d or "/FontFile3" in d for d in descriptors)


def test_a_text_of_20000_characters_is_printed_whole_in_every_paper(fonts: FontSet) -> None:
    long = "窗口无人值守，群众等候蟠。" * 1667
    visit = samples.record_sheet()
    papers = [
        (replace(samples.bulletin(0), overview=long), bulletin),
        (replace(visit, observations=(replace(visit.observations[0], facts=long),)), record_sheet),
        (replace(samples.notice(1), findings=(replace(samples.notice(1).findings[0], facts=long),)), notice),
    ]

    for paper, drawer in papers:
        text = reading.text_of(drawer.render(paper, fonts=fonts))
        assert text.count("蟠") == 1667


@pytest.mark.parametrize("cases", [0, 1, 200])
def test_a_bulletin_of_any_number_of_findings_is_drawn(fonts: FontSet, cases: int) -> None:
    pages = bulletin.lay_out(samples.bulletin(cases, units=cases), fonts=fonts).pages

    assert len(pages) % 2 == 0
    assert all(page.lines for page in pages)


def test_a_record_sheet_of_which_nothing_is_known_says_so(fonts: FontSet) -> None:
    text = reading.text_of(record_sheet.render(RecordSheet(issuer="督查室", unit="甲局"), fonts=fonts))

    assert text.count("未记录") > 10
    assert "尚未锁定" in text


@settings(max_examples=20, deadline=None)
@given(st.text(max_size=300))
def test_whatever_people_write_the_papers_are_drawn(text: str) -> None:
    fonts = fontset.load()
    case = replace(samples.bulletin(1).cases[0], heading=text, facts=text, time=text, unit=text, result=text)
    whole = replace(
        samples.bulletin(1),
        title=text,
        mark=text,
        issuer=text,
        recipients=text,
        number=text,
        cases=(case,),
        copies_to=text,
    )
    visit = samples.record_sheet()
    seen = replace(visit.observations[0], facts=text, rule=text, indicator_name=text)
    found = replace(samples.notice(1).findings[0], facts=text, rule=text, number=text)

    papers: list[tuple[Any, Any]] = [
        (whole, bulletin),
        (replace(visit, unit=text, place=text, observations=(seen,)), record_sheet),
        (replace(samples.notice(1), unit=text, mark=text, findings=(found,)), notice),
    ]
    for paper, drawer in papers:
        kept = type(paper).from_json(paper.to_json())
        assert kept.to_json() == paper.to_json()
        assert drawer.render(kept, fonts=fonts).startswith(b"%PDF")
