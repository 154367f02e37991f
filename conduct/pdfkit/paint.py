"""Drawing a laid-out paper as PDF bytes; the same document and pictures give the same bytes."""

import hashlib
import io
import math
from collections.abc import Mapping
from datetime import date
from typing import Any

from PIL import Image, UnidentifiedImageError
from reportlab import rl_config
from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

from conduct.pdfkit.face import Face, FaceUse
from conduct.pdfkit.grid import PAGE_HEIGHT, PAGE_WIDTH
from conduct.pdfkit.pages import BLACK, Document, Line, Page, Picture, Rule

# Goes up whenever the same paper may give other bytes.
RENDERER_VERSION = "2"
WATERMARK_SIZE = 150.0
WATERMARK_GREY = 0.91
PICTURE_FAULT_GREY = 0.92


class _Info(pdfdoc.PDFInfo):  # type: ignore[misc]
    """What the file says about itself, dated as the paper is: the clock of the machine has no part in its bytes."""

    def __init__(self, dated: date | None) -> None:
        super().__init__()
        self.dated = dated

    def format(self, document: Any) -> Any:
        """The entries as the file holds them; a paper without a date names none."""
        texts = {
            "Title": self.title,
            "Author": self.author,
            "Subject": self.subject,
            "Creator": self.creator,
            "Producer": self.producer,
        }
        if self.dated:
            texts["CreationDate"] = texts["ModDate"] = f"D:{self.dated:%Y%m%d}000000+08'00'"
        entries = {name: pdfdoc.PDFString(text) for name, text in texts.items()}
        return pdfdoc.PDFDictionary(entries).format(document)


class _Canvas(Canvas):  # type: ignore[misc]
    """ReportLab's canvas as the writer of the file; the page operators are written here, one string per line."""

    def __init__(self, out: io.BytesIO, *, dated: date | None) -> None:
        # Binary streams: the ASCII form costs a third of the drawing time and a quarter of the size.
        rl_config.useA85 = 0
        super().__init__(
            out, pagesize=(PAGE_WIDTH, PAGE_HEIGHT), invariant=1, pageCompression=1, lang="zh-CN"
        )
        self._doc.info = _Info(dated)
        self._faces: dict[Face, FaceUse] = {}

    def _make_preamble(self) -> None:
        # ReportLab would name Helvetica here, a font that is not embedded.
        self._preamble = "1 0 0 1 0 0 cm"

    def use(self, face: Face) -> FaceUse:
        """What this file uses of a face."""
        found = self._faces.get(face)
        if found is None:
            found = self._faces[face] = face.use_in(self._doc)
        return found

    def add(self, operators: str) -> None:
        """Append operators to the content of the page."""
        self._code.append(operators)

    def use_picture(self, name: str, xobject: Any) -> None:
        """Enter a picture into the file once and into the resources of this page."""
        registered = self._doc.getXObjectName(name)
        if not self._doc.hasForm(name):
            self._doc.Reference(xobject, registered)
            self._doc.addForm(name, xobject)
        self._formsinuse.append(name)
        self._currentPageHasImages = 1


def paint(document: Document, *, images: Mapping[str, bytes] | None = None) -> bytes:
    """The paper as PDF.

    images: derivative photographs (JPEG, or anything Pillow reads) by the SHA-256 of their bytes; a photograph
            that is absent, altered or unreadable leaves an empty box, the paper is still printed
    """
    out = io.BytesIO()
    canvas = _Canvas(out, dated=document.dated)
    canvas.setTitle(document.title)
    canvas.setAuthor(document.issuer)
    canvas.setSubject(document.subject)
    canvas.setCreator(document.issuer)
    canvas.setProducer(f"pdfkit {RENDERER_VERSION}")
    pictures = _Pictures(images or {})
    for page in document.pages:
        _paint_page(canvas, page, pictures)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _paint_page(canvas: _Canvas, page: Page, pictures: "_Pictures") -> None:
    if page.watermark:
        _watermark(canvas, page)
    for picture in page.pictures:
        pictures.draw(canvas, picture)
    for rule in page.rules:
        _rule(canvas, rule)
    if page.lines:
        canvas.add("BT")
        for line in page.lines:
            _line(canvas, line)
        canvas.add("ET")


def _line(canvas: _Canvas, line: Line) -> None:
    size = line.size
    parts = [f"{line.stretch:.4g} 0 0 1 {line.x:.3f} {line.y:.3f} Tm {line.tracking:.4f} Tc"]
    for face, text, offset in line.segments:
        use = canvas.use(face)
        code = face.encode(text, use)
        if offset:
            # Readers disagree on the tracking after the last character of a piece, so each has its own place.
            parts.append(f"{line.stretch:.4g} 0 0 1 {line.x + offset * line.stretch:.3f} {line.y:.3f} Tm")
        shown = f"/{use.name} {size:g} Tf <{code}> Tj"
        # Two characters of one glyph: say which one is meant, so that copying gives it back.
        if use.aliased and not use.aliased.isdisjoint(text):
            meant = text.encode("utf-16-be").hex().upper()
            shown = f"/Span <</ActualText <FEFF{meant}>>> BDC {shown} EMC"
        parts.append(shown)
    if line.colour is not BLACK:
        red, green, blue = line.colour
        parts = [f"{red:g} {green:g} {blue:g} rg", *parts, "0 0 0 rg"]
    canvas.add(" ".join(parts))


def _rule(canvas: _Canvas, rule: Rule) -> None:
    red, green, blue = rule.colour
    canvas.add(
        f"{red:g} {green:g} {blue:g} RG {rule.thickness:.4f} w "
        f"{rule.x1:.3f} {rule.y1:.3f} m {rule.x2:.3f} {rule.y2:.3f} l S"
    )


def _watermark(canvas: _Canvas, page: Page) -> None:
    """Large pale characters across the page, behind everything."""
    width = sum(face.advance(char) for face, text, _ in page.watermark for char in text) * WATERMARK_SIZE
    turn = math.sqrt(0.5)
    # The middle of the characters falls on the middle of the page.
    x = PAGE_WIDTH / 2 - width / 2 * turn + 0.38 * WATERMARK_SIZE * turn
    y = PAGE_HEIGHT / 2 - width / 2 * turn - 0.38 * WATERMARK_SIZE * turn
    canvas.add(f"q {WATERMARK_GREY:g} g BT {turn:.5f} {turn:.5f} {-turn:.5f} {turn:.5f} {x:.3f} {y:.3f} Tm")
    for face, text, _ in page.watermark:
        use = canvas.use(face)
        canvas.add(f"/{use.name} {WATERMARK_SIZE:g} Tf <{face.encode(text, use)}> Tj")
    canvas.add("ET Q")


class _Pictures:
    """The photographs of one paper, each entered into the file once."""

    def __init__(self, images: Mapping[str, bytes]) -> None:
        self._images = images
        self._objects: dict[str, Any] = {}

    def draw(self, canvas: _Canvas, picture: Picture) -> None:
        name = f"photo-{picture.sha256}"
        if name not in self._objects:
            self._objects[name] = _picture_object(name, self._images.get(picture.sha256), picture.sha256)
        xobject = self._objects[name]
        x, y, width, height = picture.x, picture.y, picture.width, picture.height
        if xobject is None:
            canvas.add(f"q {PICTURE_FAULT_GREY:g} g {x:.3f} {y:.3f} {width:.3f} {height:.3f} re f Q")
            return
        canvas.use_picture(name, xobject)
        registered = canvas._doc.getXObjectName(name)
        canvas.add(f"q {width:.3f} 0 0 {height:.3f} {x:.3f} {y:.3f} cm /{registered} Do Q")


def picture_size(data: bytes | None, sha256: str) -> tuple[int, int] | None:
    """Width and height of a photograph in pixels; None when it is absent, altered or unreadable."""
    if data is None or hashlib.sha256(data).hexdigest() != sha256:
        return None
    try:
        with Image.open(io.BytesIO(data)) as image:
            return image.size
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
        return None


def _picture_object(name: str, data: bytes | None, sha256: str) -> Any:
    """The photograph as a PDF object: JPEG as it is, anything else as plain pixels."""
    if data is None or picture_size(data, sha256) is None:
        return None
    xobject = pdfdoc.PDFImageXObject(name)
    xobject.mask, xobject.bitsPerComponent = None, 8
    with Image.open(io.BytesIO(data)) as image:
        xobject.width, xobject.height = image.size
        if image.format == "JPEG" and image.mode in ("RGB", "L"):
            xobject.colorSpace = "DeviceRGB" if image.mode == "RGB" else "DeviceGray"
            xobject._filters, xobject.streamContent = ("DCTDecode",), data
            return xobject
        try:
            pixels = image.convert("RGB").tobytes()
        except OSError:
            return None
    xobject.colorSpace = "DeviceRGB"
    stream = io.BytesIO()
    Image.frombytes("RGB", (xobject.width, xobject.height), pixels).save(stream, "JPEG", quality=90)
    xobject._filters, xobject.streamContent = ("DCTDecode",), stream.getvalue()
    return xobject
