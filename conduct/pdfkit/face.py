"""One font file as a PDF font: glyph lookup, widths, and embedding as a subset with correct copy text.

ReportLab's own TTFont refuses PostScript outlines and copies characters beyond U+FFFF wrongly, so a paper uses this:
a Type0 (CID, Identity-H) font whose subset HarfBuzz cuts, from TTF, OTF and collections alike.
"""

import hashlib
import io
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import uharfbuzz as hb
from fontTools.ttLib import TTFont
from fontTools.ttLib.sfnt import SFNTWriter
from reportlab.pdfbase import pdfdoc

_GLYF_TABLES = ("head", "hhea", "maxp", "hmtx", "loca", "glyf", "cvt ", "fpgm", "prep")
_CMAP_HEAD = (
    "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CIDSystemInfo << /Registry (Adobe) "
    "/Ordering (UCS) /Supplement 0 >> def /CMapName /Adobe-Identity-UCS def /CMapType 2 def "
    "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
)
_CMAP_TAIL = "endcmap CMapName currentdict /CMap defineresource pop end end"


class FaceUse:
    """What one document has used of a face: its name there, codes, and characters sharing a glyph."""

    __slots__ = ("aliased", "codes", "drawn", "name")

    def __init__(self, name: str) -> None:
        self.name = name
        self.codes: dict[str, str] = {}
        self.drawn: dict[int, tuple[int, str]] = {}
        self.aliased: set[str] = set()


class Face:
    """One font file (or one member of a collection)."""

    def __init__(self, path: Path, index: int = 0) -> None:
        self.path = path
        self.index = index
        self._hb_face = hb.Face(hb.Blob.from_file_path(str(path)), index)
        self._hb_font = hb.Font(self._hb_face)
        self._scale = 1 / self._hb_face.upem
        self._is_cff = "CFF " in self._hb_face.table_tags
        self._uses: WeakKeyDictionary[Any, FaceUse] = WeakKeyDictionary()
        # ReportLab keeps fonts in a document's table under this name.
        self.fontName = f"{path}#{index}"

    @cached_property
    def sha256(self) -> str:
        """Fingerprint of the file."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()

    @cached_property
    def _cids(self) -> list[int] | None:
        """Code of each glyph where the file is CID-keyed (PDF then counts CIDs, not glyphs), else None."""
        if not self._is_cff:
            return None
        top = TTFont(self.path, fontNumber=self.index, lazy=True)["CFF "].cff.topDictIndex[0]
        if not hasattr(top, "ROS"):
            return None
        return [0 if name == ".notdef" else int(name[3:]) for name in top.charset]

    def glyph(self, char: str) -> int:
        """The glyph of a character, 0 when the font has none."""
        return self._hb_font.get_nominal_glyph(ord(char)) or 0

    def advance(self, char: str) -> float:
        """Width of a character in em."""
        return float(self._hb_font.get_glyph_h_advance(self.glyph(char)) * self._scale)

    def ink(self, text: str) -> tuple[float, float]:
        """Lowest and highest ink of the characters above the baseline, in em."""
        boxes = [self._hb_font.get_glyph_extents(self.glyph(char)) for char in text]
        boxes = [box for box in boxes if box is not None and box.height]
        if not boxes:
            return 0.0, 0.0
        top = max(box.y_bearing for box in boxes)
        bottom = min(box.y_bearing + box.height for box in boxes)
        return bottom * self._scale, top * self._scale

    def use_in(self, doc: Any) -> FaceUse:
        """What the document uses of this face; the first call enters the face into the document."""
        use = self._uses.get(doc)
        if use is None:
            name = f"F{len(doc.fontMapping) + 1}"
            doc.fontMapping[self.fontName] = f"/{name}"
            doc.delayedFonts.append(self)
            use = self._uses[doc] = FaceUse(name)
        return use

    def encode(self, text: str, use: FaceUse) -> str:
        """The hexadecimal string that draws the text in the document of that use."""
        codes = use.codes
        try:
            return "".join([codes[char] for char in text])
        except KeyError:
            for char in text:
                if char not in codes:
                    self._enter(char, use)
            return "".join([codes[char] for char in text])

    def _enter(self, char: str, use: FaceUse) -> None:
        glyph = self.glyph(char)
        cid = self._cids[glyph] if self._cids else glyph
        use.codes[char] = f"{cid:04X}"
        if use.drawn.setdefault(cid, (glyph, char))[1] != char:
            use.aliased.add(char)

    def addObjects(self, doc: Any) -> None:
        """Write the subset into the document (the name ReportLab calls when it saves)."""
        use = self._uses.pop(doc)
        subset = self._subset([glyph for glyph, _ in use.drawn.values()])
        font = TTFont(io.BytesIO(subset), lazy=True, recalcTimestamp=False)
        tag = "".join(chr(65 + byte % 26) for byte in hashlib.sha256(subset).digest()[:6])
        name = font["name"].getDebugName(6) if "name" in font else None
        base = f"{tag}+{(name or self.path.stem).replace(' ', '')}"
        descriptor = doc.Reference(self._descriptor(doc, font, base), f"descriptor:{base}")
        descendant = pdfdoc.PDFDictionary(
            {
                "Type": "/Font",
                "Subtype": "/CIDFontType0" if self._is_cff else "/CIDFontType2",
                "BaseFont": pdfdoc.PDFName(base),
                "CIDSystemInfo": pdfdoc.PDFDictionary(
                    {
                        "Registry": pdfdoc.PDFString("Adobe"),
                        "Ordering": pdfdoc.PDFString("Identity"),
                        "Supplement": 0,
                    }
                ),
                "DW": 1000,
                "W": pdfdoc.PDFArray(list(self._widths(use.drawn))),
                "FontDescriptor": descriptor,
            }
        )
        if not self._is_cff:
            descendant.dict["CIDToGIDMap"] = "/Identity"
        top = pdfdoc.PDFDictionary(
            {
                "Type": "/Font",
                "Subtype": "/Type0",
                "BaseFont": pdfdoc.PDFName(f"{base}-Identity-H" if self._is_cff else base),
                "Encoding": "/Identity-H",
                "DescendantFonts": pdfdoc.PDFArray([doc.Reference(descendant, f"descendant:{base}")]),
                "ToUnicode": doc.Reference(_stream(_to_unicode(use.drawn).encode()), f"unicode:{base}"),
            }
        )
        doc.idToObject["BasicFonts"].dict[use.name] = doc.Reference(top, use.name)

    def _subset(self, glyphs: list[int]) -> bytes:
        """A font with these glyphs; glyph ids stay where they serve as codes."""
        wanted = hb.SubsetInput()
        wanted.sets(hb.SubsetInputSets.GLYPH_INDEX).update([0, *glyphs])
        wanted.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NOTDEF_OUTLINE
        if not self._cids:
            wanted.flags |= hb.SubsetFlags.RETAIN_GIDS
        return bytes(hb.subset(self._hb_face, wanted).blob.data)

    def _descriptor(self, doc: Any, font: TTFont, base: str) -> Any:
        if self._is_cff:
            program = _stream(font.reader["CFF "])
            program.dictionary["Subtype"] = "/CIDFontType0C"
        else:
            outlines = _glyf_only(font)
            program = _stream(outlines)
            program.dictionary["Length1"] = len(outlines)
        head, extents = font["head"], self._hb_font.get_font_extents("ltr")
        per_mille = 1000 * self._scale
        return pdfdoc.PDFDictionary(
            {
                "Type": "/FontDescriptor",
                "FontName": pdfdoc.PDFName(base),
                "Flags": 4,
                "FontBBox": pdfdoc.PDFArray(
                    [round(v * per_mille) for v in (head.xMin, head.yMin, head.xMax, head.yMax)]
                ),
                "ItalicAngle": 0,
                "Ascent": round(extents.ascender * per_mille),
                "Descent": round(extents.descender * per_mille),
                "CapHeight": round(extents.ascender * per_mille * 0.8),
                "StemV": 80,
                "FontFile3" if self._is_cff else "FontFile2": doc.Reference(program, f"program:{base}"),
            }
        )

    def _widths(self, drawn: dict[int, tuple[int, str]]) -> Iterator[Any]:
        """The W array: first code of each run of neighbours, then their widths."""
        row: list[float] = []
        first = 0
        for cid in sorted(drawn):
            if cid != first + len(row):
                if row:
                    yield from (first, pdfdoc.PDFArray(row))
                first, row = cid, []
            advance = self._hb_font.get_glyph_h_advance(drawn[cid][0])
            row.append(round(advance * self._scale * 1000, 3))
        if row:
            yield from (first, pdfdoc.PDFArray(row))


def _stream(content: bytes) -> Any:
    stream = pdfdoc.PDFStream()
    stream.content = content
    stream.filters = [pdfdoc.PDFZCompress]
    return stream


def _glyf_only(font: TTFont) -> bytes:
    """The tables a PDF reader needs of a TrueType font."""
    out = io.BytesIO()
    tags = [tag for tag in _GLYF_TABLES if tag in font]
    writer = SFNTWriter(out, len(tags), "\0\1\0\0")
    for tag in tags:
        writer[tag] = font.reader[tag]
    writer.close()
    return out.getvalue()


def _to_unicode(drawn: dict[int, tuple[int, str]]) -> str:
    """The map from codes back to characters, surrogate pairs beyond U+FFFF included."""
    rows = [f"<{cid:04X}> <{drawn[cid][1].encode('utf-16-be').hex().upper()}>" for cid in sorted(drawn)]
    blocks = [rows[at : at + 100] for at in range(0, len(rows), 100)]
    body = "".join(f"{len(block)} beginbfchar\n{chr(10).join(block)}\nendbfchar\n" for block in blocks)
    return _CMAP_HEAD + body + _CMAP_TAIL
