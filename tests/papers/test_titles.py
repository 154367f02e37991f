"""Titles are cut between words and balanced."""

import pytest

from conduct.pdfkit.titles import title_lines


def test_a_short_title_stays_on_one_line() -> None:
    assert title_lines("关于限期整改有关问题的通知书") == ["关于限期整改有关问题的通知书"]


def test_line_ends_the_author_set_are_kept() -> None:
    assert title_lines("关于11月份\n明察暗访情况的通报") == ["关于11月份", "明察暗访情况的通报"]


@pytest.mark.parametrize(
    "title",
    [
        "关于2026年11月份全市明察暗访发现问题及整改情况的通报",
        "关于2026年国庆节期间全市机关作风明察暗访专项检查情况的通报",
        "关于3起违反中央八项规定精神典型问题及营商环境专项监督检查情况的通报",
    ],
)
def test_a_long_title_is_cut_between_words(title: str) -> None:
    lines = title_lines(title)

    assert "".join(lines) == title
    assert all(len(line) <= 20 for line in lines)
    assert all(not line.startswith(("的", "年", "月", "及")) for line in lines[1:])
    assert all(word in "".join(f"{line}|" for line in lines) for word in ("关于", "情况"))


def test_a_span_of_days_stays_on_one_line() -> None:
    assert title_lines("关于2026年2月1日至10日明察暗访情况的通报") == [
        "关于2026年2月1日至10日",
        "明察暗访情况的通报",
    ]
    assert title_lines("关于2025年12月29日至2026年1月4日明察暗访情况的通报")[-1].endswith(
        "明察暗访情况的通报"
    )


def test_a_title_without_any_good_place_is_still_cut() -> None:
    assert "".join(title_lines("的" * 70)) == "的" * 70
