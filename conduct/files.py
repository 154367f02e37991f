"""Take in photos and documents: judged by content, hashed, the original kept read-only, a clean picture shown.

The original is never given to a browser inline nor to the paper engine; people see the derivative, which
carries no EXIF.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, TypeAlias

import filetype
import pillow_heif
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q
from django.http import FileResponse, HttpResponseBase
from PIL import ExifTags, Image, ImageOps

from . import audit
from .audit import Actor
from .clock import SHANGHAI
from .errors import Refused
from .models import StoredFile

pillow_heif.register_heif_opener()

Upload: TypeAlias = "UploadedFile[Any]"

MEGABYTE = 1024 * 1024
# A file is shown by itself, and can do nothing; a PDF viewer needs a page of its own to draw in.
FOR_FILES = "default-src 'none'; frame-ancestors 'none'; sandbox"
FOR_PAPERS = "script-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
MOST_PHOTO_BYTES = 20 * MEGABYTE
MOST_DOCUMENT_BYTES = 20 * MEGABYTE
MOST_PIXELS = 40_000_000
SHOWN_EDGE = 2560
THUMB_EDGE = 480
# What phones call MPO opens as JPEG; Pillow knows no format of that name to open by.
PHOTO_FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
PHOTO_TYPES = frozenset({"image/jpeg", "image/png", "image/webp", "image/heic", "image/heif"})
DOCUMENT_TYPES = {
    "application/pdf": "PDF",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "DOCX",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "XLSX",
    "application/msword": "DOC",
    "application/vnd.ms-excel": "XLS",
}
# Our own check of the header speaks first, in Chinese; the library stays as the second wall.
Image.MAX_IMAGE_PIXELS = 2 * MOST_PIXELS


@dataclass(frozen=True)
class Derived:
    """What a photo became: clean JPEGs to look at and for grids, its size in pixels, the camera's time."""

    shown: bytes
    thumb: bytes
    width: int
    height: int
    taken: datetime | None


@dataclass(frozen=True)
class Digest:
    """Where bytes went: their SHA-256 in hex, and how many there were."""

    sha256: str
    size: int


@dataclass(frozen=True)
class KeptPhoto:
    """A photo whose bytes are in the store and which is not yet anybody's material."""

    sha256: str
    size: int
    media_type: str
    original_name: str
    width: int
    height: int
    shown_sha256: str
    thumb_sha256: str
    captured_at: datetime | None


def check_photo(*, upload: Upload) -> str:
    """The media type of a photo handed in, told from its head alone; refused as take_photo refuses."""
    name = _plain_name(upload)
    _check_size(upload, name, MOST_PHOTO_BYTES, "照片")
    kind = _media_type(upload)
    if kind not in PHOTO_TYPES:
        raise Refused(f"“{name}”不是可用的照片。请选择 JPG、PNG、WEBP 或 HEIC 格式的照片。")
    with _opened(upload, name) as image:
        _check_pixels(name, *image.size)
    return kind


def take_photo(*, upload: Upload, by: Actor, at: datetime) -> StoredFile:
    """Keep a photo handed in, and make the picture people are shown.

    Raises: Refused with the file's name, what is wrong with it and what to do
    """
    return receive_photo(keep_photo(upload=upload), by=by, at=at)


def keep_photo(*, upload: Upload) -> KeptPhoto:
    """Put a photo into the store without receiving it; refused as take_photo refuses."""
    name = _plain_name(upload)
    kind = check_photo(upload=upload)
    derived = _derive(upload, name)
    original = _keep(upload, settings.EVIDENCE_ROOT, mode=0o400)
    return KeptPhoto(
        sha256=original.sha256,
        size=original.size,
        media_type=kind,
        original_name=name,
        width=derived.width,
        height=derived.height,
        shown_sha256=keep_bytes(derived.shown).sha256,
        thumb_sha256=keep_bytes(derived.thumb).sha256,
        captured_at=derived.taken,
    )


def receive_photo(photo: KeptPhoto, *, by: Actor, at: datetime) -> StoredFile:
    """Make a photo in the store somebody's material."""
    facts = asdict(photo)
    original = Digest(facts.pop("sha256"), facts.pop("size"))
    return _receive(original, by=by, at=at, kind=StoredFile.Kind.PHOTO, **facts)


def take_document(*, upload: Upload, by: Actor, at: datetime) -> StoredFile:
    """Keep a document or photo handed in as supporting material.

    Raises: Refused with the file's name, what is wrong with it and what to do
    """
    name = _plain_name(upload)
    kind = _media_type(upload)
    if kind in PHOTO_TYPES:
        return take_photo(upload=upload, by=by, at=at)
    _check_size(upload, name, MOST_DOCUMENT_BYTES, "文件")
    if kind not in DOCUMENT_TYPES:
        raise Refused(f"“{name}”的类型不能接收。请上传 PDF、Word、Excel 文件或照片。")
    original = _keep(upload, settings.EVIDENCE_ROOT, mode=0o400)
    return _receive(
        original, by=by, at=at, kind=StoredFile.Kind.DOCUMENT, media_type=kind, original_name=name
    )


@transaction.atomic
def _receive(original: Digest, *, by: Actor, at: datetime, **facts: Any) -> StoredFile:
    """Register what was kept, and tell the audit its digest: from then on a swapped one shows."""
    file = StoredFile.objects.create(
        sha256=original.sha256,
        size=original.size,
        received_at=at,
        received_from_id=str(by.pk or ""),
        received_from_name=str(by),
        **facts,
    )
    audit.record(
        at=at,
        by=by,
        verb=audit.FILE_RECEIVED,
        label="收到材料",
        subject=file,
        details={"sha256": original.sha256, "size": original.size},
    )
    return file


def keep_bytes(content: bytes | BinaryIO) -> Digest:
    """Store bytes the house made (a derivative, an issued paper) under their own digest; safe to repeat."""
    source = BytesIO(content) if isinstance(content, bytes) else content
    return _keep(source, Path(settings.MEDIA_ROOT), mode=0o440)


def read_bytes(sha256: str) -> bytes:
    """Bytes the house made, by digest.

    Raises: FileNotFoundError when the store lost them
    """
    return made_path(sha256).read_bytes()


def shown_bytes(file: StoredFile) -> bytes:
    """The picture of a photo as people and papers see it (JPEG without EXIF)."""
    return read_bytes(file.shown_sha256)


def thumb_bytes(file: StoredFile) -> bytes:
    """The small picture of a photo, for grids; made on the spot for one kept without."""
    if file.thumb_sha256:
        return read_bytes(file.thumb_sha256)
    with Image.open(BytesIO(shown_bytes(file)), formats=("JPEG",)) as image:
        return _jpeg(image, THUMB_EDGE)


def drop_photo(photo: KeptPhoto) -> None:
    """Take a photo nobody received out of the store, unless a file received has the same bytes."""
    if StoredFile.objects.filter(sha256=photo.sha256).exists():
        return
    _place(Path(settings.EVIDENCE_ROOT), photo.sha256).unlink(missing_ok=True)
    for digest in (photo.shown_sha256, photo.thumb_sha256):
        if not StoredFile.objects.filter(Q(shown_sha256=digest) | Q(thumb_sha256=digest)).exists():
            made_path(digest).unlink(missing_ok=True)


def digest_of(upload: Upload) -> str:
    """The SHA-256 a file handed in would be kept under."""
    digest = hashlib.sha256()
    upload.seek(0)
    while block := upload.read(MEGABYTE):
        digest.update(block)
    upload.seek(0)
    return digest.hexdigest()


def original_path(file: StoredFile) -> Path:
    """Where the read-only original lies."""
    return _place(Path(settings.EVIDENCE_ROOT), file.sha256)


def made_path(sha256: str) -> Path:
    """Where bytes the house made lie."""
    return _place(Path(settings.MEDIA_ROOT), sha256)


def is_intact(file: StoredFile) -> bool:
    """Whether the original is still there and still hashes to what was recorded."""
    path = original_path(file)
    return path.exists() and _hash(path) == file.sha256


def show(file: StoredFile) -> HttpResponseBase:
    """Answer with the picture of a photo; the view that calls this has checked who asks."""
    return _picture(shown_bytes(file))


def show_thumb(file: StoredFile) -> HttpResponseBase:
    """Answer with the small picture of a photo; the view that calls this has checked who asks."""
    return _picture(thumb_bytes(file))


def hand_out(file: StoredFile) -> HttpResponseBase:
    """Answer with a document as a download; the view that calls this has checked who asks."""
    response = FileResponse(
        original_path(file).open("rb"),
        as_attachment=True,
        filename=file.original_name,
        content_type=file.media_type,
    )
    return _guarded(response)


def show_pdf(content: bytes, *, filename: str, download: bool = False) -> HttpResponseBase:
    """Answer with a paper the house drew."""
    response = FileResponse(
        BytesIO(content), as_attachment=download, filename=filename, content_type="application/pdf"
    )
    return _guarded(response)


def _picture(content: bytes) -> HttpResponseBase:
    response = FileResponse(BytesIO(content), content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=3600"
    return _guarded(response)


def _guarded(response: HttpResponseBase) -> HttpResponseBase:
    response["X-Content-Type-Options"] = "nosniff"
    # A sandboxed PDF viewer shows nothing; the bytes are our own.
    is_paper = response["Content-Type"] == "application/pdf"
    response["Content-Security-Policy"] = FOR_PAPERS if is_paper else FOR_FILES
    return response


def _plain_name(upload: Upload) -> str:
    base = PurePosixPath((upload.name or "").replace("\\", "/")).name
    cleaned = "".join(ch for ch in base if ch.isprintable() and ch not in '<>:"|?*')
    return cleaned[-120:] or "未命名文件"


def _check_size(upload: Upload, name: str, most: int, what: str) -> None:
    if not upload.size:
        raise Refused(f"“{name}”是空文件（0 字节），请重新选择。")
    if upload.size > most:
        raise Refused(
            f"“{name}”有 {upload.size / MEGABYTE:.1f} MB，超过{what}上限 {most // MEGABYTE} MB。请压缩后重新上传。"
        )


def _media_type(upload: Upload) -> str:
    upload.seek(0)
    head = upload.read(8192)
    upload.seek(0)
    guess = filetype.guess(head)
    return str(guess.mime) if guess else ""


def _derive(upload: Upload, name: str) -> Derived:
    """What people are shown of a photo.

    Raises: Refused when it is too large in pixels or cannot be decoded
    """
    with _opened(upload, name) as image:
        width, height = image.size
        _check_pixels(name, width, height)
        taken = _taken_at(image)
        image.draft("RGB", (SHOWN_EDGE, SHOWN_EDGE))
        upright = ImageOps.exif_transpose(image).convert("RGB")
        shown = _jpeg(upright, SHOWN_EDGE)
        return Derived(shown, _jpeg(upright, THUMB_EDGE), width, height, taken)


@contextmanager
def _opened(upload: Upload, name: str) -> Iterator[Image.Image]:
    """The picture, whatever its decoder meets told as a refusal: hostile bytes are no fault of the house."""
    try:
        upload.seek(0)
        with Image.open(upload, formats=PHOTO_FORMATS) as image:
            yield image
    except Refused:
        raise
    except Exception as fault:
        raise Refused(f"“{name}”不能作为照片打开，文件可能已损坏或像素过大。请重新拍摄或换一张。") from fault


def _check_pixels(name: str, width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise Refused(
            f"“{name}”有 {width * height / 1e6:.0f} 百万像素，超过上限 {MOST_PIXELS // 1_000_000} 百万像素。"
            "请用普通分辨率重新拍摄或压缩后上传。"
        )


def _jpeg(image: Image.Image, edge: int) -> bytes:
    """The picture made no larger than that edge, without anything the camera wrote into it."""
    image.thumbnail((edge, edge))
    # A comment left here would be written into the new file.
    image.info = {}
    out = BytesIO()
    image.save(out, "JPEG", quality=82)
    return out.getvalue()


def _taken_at(image: Image.Image) -> datetime | None:
    """Camera time as it says, read as Shanghai time; None when absent or unreadable."""
    text = image.getexif().get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal)
    try:
        return datetime.strptime(str(text), "%Y:%m:%d %H:%M:%S").replace(tzinfo=SHANGHAI)
    except ValueError:
        return None


def _keep(source: Upload | BinaryIO, root: Path, *, mode: int) -> Digest:
    """Write to a temporary name, sync, and rename: a reader never meets half a file."""
    root = Path(root)
    waiting = root / "incoming"
    waiting.mkdir(parents=True, exist_ok=True)
    draft = waiting / secrets.token_hex(16)
    digest, size = hashlib.sha256(), 0
    source.seek(0)
    try:
        with draft.open("xb") as out:
            while block := source.read(MEGABYTE):
                digest.update(block)
                size += len(block)
                out.write(block)
            out.flush()
            os.fsync(out.fileno())
        draft.chmod(mode)
        final = _place(root, digest.hexdigest())
        final.parent.mkdir(parents=True, exist_ok=True)
        draft.replace(final)
    finally:
        draft.unlink(missing_ok=True)
    return Digest(digest.hexdigest(), size)


def _place(root: Path, sha256: str) -> Path:
    return root / sha256[:2] / sha256[2:4] / sha256


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as source:
        while block := source.read(MEGABYTE):
            digest.update(block)
    return digest.hexdigest()
