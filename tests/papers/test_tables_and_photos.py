"""Tables go over pages with their heads, and photographs stand in pairs with their captions."""

from dataclasses import replace
from typing import Any

import pytest

from conduct.pdfkit.fontset import FontSet
from reports.papers import UnitRow
from reports.pdf import bulletin
from tests.papers import reading as r
from tests.papers import samples

PHOTOS = [samples.photo(0), samples.photo(30, (600, 800)), samples.photo(60)]
IMAGES = {samples.digest(data): data for data in PHOTOS}


def drawn(paper: Any, fonts: FontSet, images: dict[str, bytes] | None = None) -> list[Any]:
    """The pages of a bulletin."""
    return r.pages_of(bulletin.render(paper, fonts=fonts, images=images))


def test_a_table_over_several_pages_repeats_its_head(fonts: FontSet) -> None:
    pages = drawn(samples.bulletin(0, units=120), fonts)
    tables = [
        page
        for page in pages
        if any(r.said(line).startswith("序号单位") for line in r.lines_of(page, size=12))
    ]
    rows = [r.said(line) for page in tables for line in r.lines_of(page, size=12)]

    assert len(tables) >= 3
    assert sum(row.startswith("序号单位") for row in rows) == len(tables)
    assert sum("50.0%" in row for row in rows) == 121


def test_a_cell_wraps_inside_its_column(fonts: FontSet) -> None:
    unit = UnitRow("安平市" + "很长的单位名称" * 12, 1, 0, 1, "0.0%")
    pages = drawn(replace(samples.bulletin(0, units=1), unit_rows=(unit,)), fonts)
    page = next(page for page in pages if "很长的单位" in page.extract_text())
    name = [c for c in page.chars if c["text"] in "很长的单位名称安平市" and abs(c["size"] - 12) < 0.01]

    left, right = r.LEFT + 156 * 2.6 / 30, r.LEFT + 156 * 11.9 / 30
    cells = [c for c in name if left < c["x0"] / r.MM < right]
    assert len(cells) >= 80
    assert max(c["x1"] for c in cells) / r.MM < right


def test_a_row_longer_than_a_page_goes_on_on_the_next(fonts: FontSet) -> None:
    unit = UnitRow("蟠" * 3000, 1, 0, 1, "0.0%")
    pages = drawn(replace(samples.bulletin(0, units=1), unit_rows=(unit,)), fonts)

    assert sum(page.extract_text().count("蟠") for page in pages) == 3000
    assert all(char["bottom"] / r.MM < 275 for page in pages for char in page.chars)


def test_no_row_runs_below_the_text_block(fonts: FontSet) -> None:
    pages = drawn(samples.bulletin(0, units=120), fonts)

    assert all(stroke["bottom"] / r.MM < r.FOOT + 0.3 for page in pages for stroke in page.lines)


def test_two_photographs_stand_side_by_side_on_one_foot_line(fonts: FontSet) -> None:
    paper = samples.with_photos(samples.bulletin(1), *list(IMAGES)[:2])
    page = next(page for page in drawn(paper, fonts, IMAGES) if page.images)
    left, right = sorted(page.images, key=lambda image: image["x0"])

    assert left["x1"] < right["x0"]
    assert left["bottom"] == pytest.approx(right["bottom"], abs=0.1)
    assert left["x0"] / r.MM >= r.LEFT - 0.1
    assert right["x1"] / r.MM <= r.RIGHT + 0.1


def test_photographs_keep_their_proportions(fonts: FontSet) -> None:
    paper = samples.with_photos(samples.bulletin(1), *list(IMAGES)[:2])
    page = next(page for page in drawn(paper, fonts, IMAGES) if page.images)
    shapes = sorted(image["width"] / image["height"] for image in page.images)

    assert shapes == [pytest.approx(0.75, abs=0.01), pytest.approx(4 / 3, abs=0.01)]


def test_each_caption_stands_centred_below_its_photograph(fonts: FontSet) -> None:
    paper = samples.with_photos(samples.bulletin(1), *list(IMAGES)[:2])
    page = next(page for page in drawn(paper, fonts, IMAGES) if page.images)
    captions = [c for c in page.chars if abs(c["size"] - 12) < 0.01 and c["top"] > page.images[0]["bottom"]]
    for image in page.images:
        below = [c for c in captions if abs((c["x0"] + c["x1"]) - (image["x0"] + image["x1"])) < 2 * 110]
        own = [c for c in below if image["x0"] - 60 < c["x0"] < image["x1"] + 60][:20]
        assert own
        assert min(c["top"] for c in own) - image["bottom"] < 4 * r.MM


def test_a_jpeg_goes_into_the_file_as_it_is_and_only_once(fonts: FontSet) -> None:
    digest, data = next(iter(IMAGES.items()))
    pdf = bulletin.render(
        samples.with_photos(samples.bulletin(1), digest, digest), fonts=fonts, images=IMAGES
    )

    assert pdf.count(data[:200]) == 1
    assert data in pdf


def test_a_photograph_that_is_absent_leaves_a_box_that_says_so(fonts: FontSet) -> None:
    pages = drawn(samples.with_photos(samples.bulletin(1), "0" * 64), fonts)

    assert any("照片缺失或校验不符" in page.extract_text() for page in pages)


@pytest.mark.parametrize("harm", [b"", b"not a picture", PHOTOS[0][:2000]])
def test_a_photograph_that_was_altered_is_not_printed(fonts: FontSet, harm: bytes) -> None:
    digest = samples.digest(PHOTOS[0])
    pages = drawn(samples.with_photos(samples.bulletin(1), digest), fonts, {digest: harm})

    assert not any(page.images for page in pages)
    assert any("照片缺失或校验不符" in page.extract_text() for page in pages)


def test_a_picture_that_cannot_be_read_does_not_stop_the_paper(fonts: FontSet) -> None:
    harm = b"\xff\xd8\xff\xe0 no picture"
    digest = samples.digest(harm)
    pages = drawn(samples.with_photos(samples.bulletin(1), digest), fonts, {digest: harm})

    assert any("照片缺失或校验不符" in page.extract_text() for page in pages)
