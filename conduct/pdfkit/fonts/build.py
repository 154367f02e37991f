"""Cuts the font files of this folder from the packages named in README.md, the same bytes every time.

Run it with the unpacked packages:  python conduct/pdfkit/fonts/build.py SOURCE_DIR
SOURCE_DIR is a folder into which `dpkg-deb -x` unpacked the Debian packages and in which the npm package
lies unpacked as `package/`. Whole fonts are copied; fallbacks keep only what the fonts before them lack.
"""

import bz2
import io
import shutil
import sys
from pathlib import Path

import uharfbuzz as hb
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent
FANDOL = "usr/share/texlive/texmf-dist/fonts/opentype/public/fandol/"
WHOLE = ("FandolFang-Regular.otf", "FandolSong-Bold.otf", "FandolHei-Regular.otf", "FandolKai-Regular.otf")
NOTO_SERIF = "usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc"
NOTO_SC_INDEX = 2
BABELSTONE = "usr/share/fonts/truetype/babelstone/BabelStoneHan.ttf"
SYMBOLA = "usr/share/fonts/truetype/ancient-scripts/Symbola_hint.ttf"
EMOJI = "package/files/noto-emoji-emoji-400-normal.woff"
UNIHAN = "usr/share/unicode/Unihan_IRGSources.txt.bz2"

HANGUL = range(0xAC00, 0xD7A4)
PRIVATE = range(0xE000, 0xF900)
EXTENSION_A = range(0x3400, 0x4DC0)
HAN_BEYOND_BMP = range(0x20000, 0x32400)
SYMBOLS = (range(0x2000, 0x2C00), range(0x1F000, 0x1FB00))
# Characters known only from the old dictionaries: 9,000 glyphs nobody is named by, 8 MB.
DICTIONARY_SOURCES = {"GKX", "GHZ"}
DROPPED = (
    "GSUB",
    "GPOS",
    "GDEF",
    "BASE",
    "VORG",
    "vhea",
    "vmtx",
    "kern",
    "hdmx",
    "VDMX",
    "LTSH",
    "DSIG",
    "gasp",
)


def coverage(path: Path, index: int = -1) -> set[int]:
    """The code points a font file has a glyph for."""
    return set(TTFont(path, fontNumber=index, lazy=True).getBestCmap())


def cut(data: bytes, wanted: set[int], target: Path, index: int = 0) -> None:
    """Write the glyphs of the wanted code points, without layout tables, as a font file."""
    subset = hb.SubsetInput()
    subset.sets(hb.SubsetInputSets.UNICODE).update(wanted)
    tags = subset.sets(hb.SubsetInputSets.DROP_TABLE_TAG)
    tags.update(int.from_bytes(tag.ljust(4).encode(), "big") for tag in DROPPED)
    subset.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NOTDEF_OUTLINE
    face = hb.subset(hb.Face(hb.Blob(data), index), subset)
    target.write_bytes(face.blob.data)


def names_and_places(source: Path) -> set[int]:
    """Han code points mainland sources ask for (names, places, science), without dictionary-only ones."""
    with bz2.open(source / UNIHAN, "rt", encoding="utf-8") as lines:
        rows = [line.rstrip().split("\t") for line in lines if "\tkIRG_GSource\t" in line]
    return {int(code[2:], 16) for code, _, value in rows if value.split("-")[0] not in DICTIONARY_SOURCES}


def sfnt(path: Path) -> bytes:
    """The bytes of a font out of its WOFF wrapping."""
    font = TTFont(path, recalcTimestamp=False)
    font.flavor = None
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def build(source: Path) -> None:
    """Write every font file of this folder."""
    for name in WHOLE:
        shutil.copyfile(source / FANDOL / name, HERE / name)
    song = source / FANDOL / "FandolSong-Regular.otf"
    cut(song.read_bytes(), set(range(0x20, 0x3000)), HERE / "FandolSong-Latin.otf")

    have = coverage(HERE / WHOLE[0])
    noto = coverage(source / NOTO_SERIF, NOTO_SC_INDEX) - have - set(HANGUL) - set(PRIVATE)
    cut((source / NOTO_SERIF).read_bytes(), noto, HERE / "NotoSerifCJKsc-Rest.otf", NOTO_SC_INDEX)
    have |= noto

    emoji = {code for code in coverage(source / EMOJI) - have if code >= 0x80}
    cut(sfnt(source / EMOJI), emoji, HERE / "NotoEmoji-Rest.ttf")
    have |= emoji

    symbols = {code for code in coverage(source / SYMBOLA) - have if any(code in block for block in SYMBOLS)}
    cut((source / SYMBOLA).read_bytes(), symbols, HERE / "Symbola-Rest.ttf")
    have |= symbols

    han = {c for c in coverage(source / BABELSTONE) - have if c in EXTENSION_A or c in HAN_BEYOND_BMP}
    rare = {c for c in han if c in EXTENSION_A} | han & names_and_places(source)
    cut((source / BABELSTONE).read_bytes(), rare, HERE / "BabelStoneHan-Rest.ttf")


if __name__ == "__main__":
    build(Path(sys.argv[1]))
