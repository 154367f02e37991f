"""The fonts that come with the checkout, what they cannot draw, and fonts of the office's own."""

from pathlib import Path

import pytest

from conduct.pdfkit import fontset
from conduct.pdfkit.fontset import FontFault, FontSet
from reports.papers import Bulletin
from reports.pdf import bulletin
from tests.papers import reading, samples

BUDGET = 60 * 1024 * 1024


def test_all_fonts_together_stay_within_60_megabytes() -> None:
    files = [path for path in fontset.HERE.iterdir() if path.suffix in {".otf", ".ttf", ".ttc"}]

    assert sum(path.stat().st_size for path in files) < BUDGET


def test_every_font_lies_beside_its_licence() -> None:
    families = {path.name[:6] for path in fontset.HERE.iterdir() if path.suffix in {".otf", ".ttf"}}
    licences = {path.name.removeprefix("LICENSE-")[:6] for path in fontset.HERE.glob("LICENSE-*")}

    assert families <= licences


def test_rare_surnames_and_emoji_have_a_font(fonts: FontSet) -> None:
    assert fonts.missing_characters("㛃䶮𬭎😀🥲①〔℃—…★□■→①") == []


def test_every_character_of_the_general_table_has_a_font(fonts: FontSet) -> None:
    level_one = "".join(
        bytes((row, cell)).decode("gb2312", "ignore")
        for row in range(0xB0, 0xF8)
        for cell in range(0xA1, 0xFF)
    )

    assert len(level_one) == 6763
    assert fonts.missing_characters(level_one) == []


def test_a_character_without_a_font_is_named_with_what_to_do(fonts: FontSet) -> None:
    message = fonts.missing_message("督\U00012000查\U00012000")

    assert "“\U00012000”（U+12000）" in message
    assert "请改用其他写法" in message
    assert message.count("U+12000") == 1


def test_there_is_nothing_to_say_when_every_character_has_a_font(fonts: FontSet) -> None:
    assert fonts.missing_message("督查\n工作") == ""


def test_a_character_without_a_font_is_printed_as_a_geta(fonts: FontSet) -> None:
    paper = Bulletin.from_json(samples.bulletin(1).to_json().replace("四不两直", "四\U00012000直"))

    assert "四〓直" in reading.text_of(bulletin.render(paper, fonts=fonts))


def test_the_fingerprint_names_every_file(fonts: FontSet) -> None:
    named = fonts.fingerprint()

    assert set(named) == {path.name for path in fontset.HERE.iterdir() if path.suffix in {".otf", ".ttf"}}
    assert all(len(digest) == 64 for digest in named.values())
    assert len(fonts.fingerprint_of_all()) == 64


def test_a_folder_replaces_the_roles_it_names(tmp_path: Path) -> None:
    (tmp_path / "own.otf").write_bytes((fontset.HERE / "FandolKai-Regular.otf").read_bytes())
    (tmp_path / "roles.toml").write_text('fang = "own.otf"\n', encoding="utf-8")

    page = reading.pages_of(bulletin.render(samples.bulletin(0), fonts=fontset.load(tmp_path)))[0]

    body = reading.line_with(page, "为持续改进")
    assert {char["fontname"].split("+")[1] for char in body} == {"FandolKai-Regular"}


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        ('fang = "none.ttf"', "没有文件“none.ttf”"),
        ('song2 = "a.ttf"', "用途“song2”不存在"),
        ("fang = 3", "写法不对"),
        ("fang = [", "无法读取"),
    ],
)
def test_a_folder_that_cannot_be_used_is_explained(tmp_path: Path, table: str, complaint: str) -> None:
    (tmp_path / "roles.toml").write_text(table, encoding="utf-8")

    with pytest.raises(FontFault, match=complaint):
        fontset.load(tmp_path)


def test_a_folder_without_a_table_is_explained(tmp_path: Path) -> None:
    with pytest.raises(FontFault, match=r"没有 roles\.toml"):
        fontset.load(tmp_path)
