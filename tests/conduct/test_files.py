"""What people hand in is judged by its content, kept whole, and shown without what the camera added."""

from __future__ import annotations

import hashlib
import io
import random
import re
import stat
import struct
import zlib
from datetime import datetime

import pillow_heif
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from PIL import Image

from conduct import files
from conduct.audit import SystemActor
from conduct.clock import SHANGHAI
from conduct.errors import Refused
from conduct.models import StoredFile
from tests.factories.cast import AT

pytestmark = pytest.mark.django_db
SOMEONE = SystemActor()


def jpeg(width: int = 640, height: int = 480, *, exif: bool = False, orientation: int = 1) -> bytes:
    out = io.BytesIO()
    image = Image.new("RGB", (width, height), (180, 30, 30))
    tags = Image.Exif()
    if exif:
        tags[0x010F] = "相机厂"
        tags[0x0112] = orientation
        tags.get_ifd(0x8769)[0x9003] = "2026:03:02 08:31:05"
        tags.get_ifd(0x8825)[1] = "N"
    image.save(out, "JPEG", exif=tags)
    return out.getvalue()


def hand_in(content: bytes, name: str = "现场.jpg") -> StoredFile:
    return files.take_photo(upload=SimpleUploadedFile(name, content), by=SOMEONE, at=AT)


def header_only_png(width: int, height: int) -> bytes:
    """A few bytes that claim to be a huge picture."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    row = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", row) + chunk(b"IEND", b"")


def test_a_photo_is_kept_byte_for_byte_under_its_digest_and_read_only() -> None:
    content = jpeg()

    file = hand_in(content)

    path = files.original_path(file)
    assert file.sha256 == hashlib.sha256(content).hexdigest()
    assert path.read_bytes() == content
    assert stat.S_IMODE(path.stat().st_mode) == 0o400
    assert files.is_intact(file)


def test_what_is_shown_carries_no_camera_data() -> None:
    file = hand_in(jpeg(exif=True))

    with Image.open(io.BytesIO(files.shown_bytes(file))) as shown:
        assert dict(shown.getexif()) == {}
        assert shown.format == "JPEG"


def test_the_cameras_time_is_read_as_shanghai_time() -> None:
    file = hand_in(jpeg(exif=True))

    assert file.captured_at == datetime(2026, 3, 2, 8, 31, 5, tzinfo=SHANGHAI)


def test_a_photo_taken_sideways_is_shown_upright() -> None:
    file = hand_in(jpeg(640, 480, exif=True, orientation=6))

    with Image.open(io.BytesIO(files.shown_bytes(file))) as shown:
        assert shown.size == (480, 640)


def test_a_large_photo_is_shown_within_the_screen_limit() -> None:
    file = hand_in(jpeg(5000, 3000))

    with Image.open(io.BytesIO(files.shown_bytes(file))) as shown:
        assert max(shown.size) == files.SHOWN_EDGE
    assert (file.width, file.height) == (5000, 3000)


def test_a_phones_heic_photo_is_taken() -> None:
    out = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (64, 64), (10, 80, 160))).save(out)

    file = hand_in(out.getvalue(), "IMG_0001.HEIC")

    assert file.media_type in {"image/heic", "image/heif"}
    assert files.shown_bytes(file)[:2] == b"\xff\xd8"


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "空.jpg", "“空.jpg”是空文件（0 字节），请重新选择"),
        (b"<html><script>1</script></html>", "假.jpg", "“假.jpg”不是可用的照片"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "图.svg", "不是可用的照片"),
        (b"%PDF-1.7\n%%EOF", "文.jpg", "不是可用的照片"),
        (b"GIF89a\x01\x00\x01\x00", "动.gif", "不是可用的照片"),
        (jpeg()[:200], "半截.jpg", "“半截.jpg”不能作为照片打开，文件可能已损坏"),
        (header_only_png(10_000, 6_000), "炸弹.png", "“炸弹.png”有 60 百万像素，超过上限 40 百万像素"),
        (header_only_png(60_000, 60_000), "大炸弹.png", "像素"),
        (jpeg() + b"\0" * (30 * 1024 * 1024), "大.jpg", "“大.jpg”有 30.0 MB，超过照片上限 20 MB"),
    ],
)
def test_what_is_not_a_usable_photo_is_refused_with_its_name_and_the_way_out(
    content: bytes, name: str, sentence: str
) -> None:
    with pytest.raises(Refused, match=re.escape(sentence)):
        hand_in(content, name)

    assert StoredFile.objects.count() == 0


def test_a_refused_photo_leaves_nothing_behind() -> None:
    from django.conf import settings

    with pytest.raises(Refused):
        hand_in(header_only_png(60_000, 60_000))

    waiting = settings.EVIDENCE_ROOT / "incoming"
    assert not waiting.exists() or list(waiting.iterdir()) == []


def test_a_path_in_the_name_is_cut_off() -> None:
    assert hand_in(jpeg(), "..\\..\\etc/密码<1>.jpg").original_name == "密码1.jpg"


def test_the_same_photo_twice_is_stored_once_and_recorded_twice() -> None:
    first, second = hand_in(jpeg()), hand_in(jpeg())

    assert first.pk != second.pk
    assert files.original_path(first) == files.original_path(second)


def test_a_changed_original_is_noticed() -> None:
    file = hand_in(jpeg())
    path = files.original_path(file)
    path.chmod(0o600)
    path.write_bytes(b"forged")

    assert not files.is_intact(file)


def test_a_document_is_taken_by_its_content_not_its_name() -> None:
    upload = SimpleUploadedFile("整改台账.pdf", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n")

    file = files.take_document(upload=upload, by=SOMEONE, at=AT)

    assert (file.kind, file.media_type, file.original_name) == ("document", "application/pdf", "整改台账.pdf")


def test_a_program_called_pdf_is_refused() -> None:
    upload = SimpleUploadedFile("台账.pdf", b"MZ\x90\x00" + b"\0" * 100)

    with pytest.raises(Refused, match=r"“台账\.pdf”的类型不能接收。请上传 PDF、Word、Excel 文件或照片"):
        files.take_document(upload=upload, by=SOMEONE, at=AT)


def test_a_photo_may_be_handed_in_as_a_document() -> None:
    file = files.take_document(upload=SimpleUploadedFile("整改后.jpg", jpeg()), by=SOMEONE, at=AT)

    assert file.kind == "photo"


def test_a_document_goes_out_as_a_download_never_inline() -> None:
    upload = SimpleUploadedFile("台账.pdf", b"%PDF-1.7\n%%EOF\n")
    response = files.hand_out(files.take_document(upload=upload, by=SOMEONE, at=AT))

    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    response.close()


def test_a_photo_without_a_clean_picture_cannot_be_stored() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        StoredFile.objects.create(
            kind="photo", sha256="0" * 64, size=1, media_type="image/jpeg", received_at=AT, original_name="x"
        )


def test_an_empty_file_cannot_be_stored() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        StoredFile.objects.create(
            kind="document", sha256="0" * 64, size=0, media_type="x/y", received_at=AT, original_name="x"
        )


def test_a_comment_in_the_photo_is_not_shown_either() -> None:
    out = io.BytesIO()
    Image.new("RGB", (64, 48)).save(out, "JPEG", comment=b"serial 4711")

    file = hand_in(out.getvalue())

    assert b"4711" not in files.shown_bytes(file) + files.thumb_bytes(file)


def test_a_grid_shows_a_small_picture() -> None:
    file = hand_in(jpeg(1600, 1200, exif=True))

    with Image.open(io.BytesIO(files.read_bytes(file.thumb_sha256))) as thumb:
        assert thumb.size == (480, 360)
        assert dict(thumb.getexif()) == {}


def test_a_photo_kept_without_a_small_picture_gets_one_when_asked() -> None:
    file = hand_in(jpeg(1600, 1200))
    StoredFile.objects.update(thumb_sha256="")
    file.refresh_from_db()

    with Image.open(io.BytesIO(files.thumb_bytes(file))) as thumb:
        assert thumb.size == (480, 360)


@pytest.mark.filterwarnings("ignore:.*")
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_damaged_photo_is_taken_or_refused_but_never_a_fault(kind: str) -> None:
    out = io.BytesIO()
    tags = Image.Exif()
    tags.get_ifd(0x8769)[0x9003] = "2026:03:02 08:31:05"
    Image.effect_noise((48, 36), 60).convert("RGB").save(out, kind, exif=tags.tobytes())
    whole, dice = out.getvalue(), random.Random(7)
    told = set()

    for _ in range(25):
        damaged = bytearray(whole)
        for _ in range(dice.choice((1, 5, 30))):
            damaged[dice.randrange(12, len(damaged))] = dice.randrange(256)
        try:
            hand_in(bytes(damaged))
        except Refused as refusal:
            told.add(str(refusal))

    assert told
    assert all(sentence.startswith("“现场.jpg”不") for sentence in told)
