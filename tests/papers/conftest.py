"""What the tests of papers share: the fonts, and papers read back with pdfplumber."""

import io
from typing import Any

import pdfplumber
import pytest

from conduct.pdfkit import fontset
from conduct.pdfkit.fontset import FontSet
from reports.pdf import bulletin
from tests.papers import samples


@pytest.fixture(scope="session")
def fonts() -> FontSet:
    """The fonts of the checkout."""
    return fontset.load()


@pytest.fixture(scope="session")
def bulletin_pages(fonts: FontSet) -> list[Any]:
    """The pages of the sample bulletin as pdfplumber reads them."""
    return opened(bulletin.render(samples.bulletin(), fonts=fonts))


def opened(pdf: bytes) -> list[Any]:
    """The pages of a PDF."""
    return list(pdfplumber.open(io.BytesIO(pdf)).pages)
