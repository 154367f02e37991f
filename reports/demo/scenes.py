"""Small drawn photographs of the places inspectors go to: no real place, no person."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw, ImageFont

SIZE = (640, 480)
FONT = Path(__file__).resolve().parents[2] / "conduct" / "pdfkit" / "fonts" / "FandolHei-Regular.otf"
WALLS = ((226, 224, 214), (214, 222, 226), (232, 226, 216), (216, 226, 216))
WOODS = ((150, 112, 74), (132, 96, 66), (118, 92, 74), (164, 128, 92))


def photo(*, rng: Random, kind: str) -> SimpleUploadedFile:
    """A JPEG as a phone would hand it in.

    kind: desk | counter | board | corridor
    """
    image = Image.new("RGB", SIZE, rng.choice(WALLS))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 350 + rng.randint(-20, 20), 640, 480), fill=(176, 170, 160))
    SCENES[kind](draw, rng)
    out = BytesIO()
    image.save(out, "JPEG", quality=72)
    return SimpleUploadedFile(f"IMG_{rng.randint(1000, 9999)}.jpg", out.getvalue(), content_type="image/jpeg")


def _desk(draw: ImageDraw.ImageDraw, rng: Random) -> None:
    wood, left = rng.choice(WOODS), rng.randint(40, 120)
    draw.rectangle((left, 300, left + 440, 326), fill=wood)
    for leg in (left + 16, left + 408):
        draw.rectangle((leg, 326, leg + 16, 440), fill=wood)
    screen = left + rng.randint(60, 220)
    draw.rectangle((screen, 176, screen + 170, 282), fill=(40, 42, 46))
    draw.rectangle(
        (screen + 8, 184, screen + 162, 270), fill=rng.choice(((58, 92, 140), (30, 30, 34), (92, 140, 110)))
    )
    draw.rectangle((screen + 74, 282, screen + 96, 300), fill=(60, 60, 64))
    chair = left + rng.randint(300, 400)
    draw.rounded_rectangle((chair, 230, chair + 96, 360), 14, fill=(70, 78, 90))
    for sheet in range(rng.randint(2, 6)):
        at = left + 12 + sheet * 9
        draw.rectangle(
            (at, 284 - sheet * 3, at + 56, 299 - sheet * 3), fill=(246, 246, 242), outline=(190, 190, 186)
        )


def _counter(draw: ImageDraw.ImageDraw, rng: Random) -> None:
    draw.rectangle((0, 270, 640, 390), fill=rng.choice(WOODS))
    draw.rectangle((0, 258, 640, 274), fill=(208, 204, 196))
    for place in range(3):
        left = 40 + place * 204
        draw.rectangle((left, 80, left + 170, 128), fill=(32, 74, 128))
        _say(draw, (left + 85, 104), f"{rng.randint(1, 30)}号窗口", 24, (255, 255, 255))
        draw.rectangle((left + 4, 140, left + 166, 256), outline=(150, 160, 168), width=3)
    at = 60 + rng.randint(0, 2) * 204
    draw.rectangle((at, 200, at + 130, 252), fill=(250, 244, 220), outline=(170, 60, 50), width=3)
    _say(draw, (at + 65, 226), rng.choice(("暂停服务", "去向：外出", "请到隔壁")), 24, (170, 40, 34))


def _board(draw: ImageDraw.ImageDraw, rng: Random) -> None:
    draw.rectangle((70, 60, 570, 330), fill=(30, 84, 122), outline=(180, 184, 188), width=8)
    _say(draw, (320, 96), rng.choice(("今日值班", "政务公开栏", "收费公示")), 34, (255, 255, 255))
    for row in range(4):
        top = 132 + row * 46
        draw.rectangle((96, top, 544, top + 36), fill=(242, 244, 244))
        _say(
            draw,
            (200, top + 18),
            rng.choice(("值班领导", "监督电话", "公示日期", "承办科室")),
            20,
            (50, 54, 58),
        )
        if rng.random() < 0.6:
            _say(draw, (420, top + 18), rng.choice(("——", "3月2日", "待更新")), 20, (120, 60, 50))


def _corridor(draw: ImageDraw.ImageDraw, rng: Random) -> None:
    draw.polygon(((0, 480), (240, 260), (400, 260), (640, 480)), fill=(188, 184, 176))
    for door in range(3):
        left = 30 + door * 66
        draw.rectangle((left, 120 + door * 30, left + 48, 430 - door * 50), fill=rng.choice(WOODS))
        right = 640 - left - 48
        draw.rectangle((right, 120 + door * 30, right + 48, 430 - door * 50), fill=rng.choice(WOODS))
    draw.rectangle((250, 150, 390, 196), fill=(250, 250, 246), outline=(90, 96, 102), width=2)
    _say(draw, (320, 173), rng.choice(("综合科", "业务科", "审批科", "值班室")), 24, (40, 44, 48))


def _say(
    draw: ImageDraw.ImageDraw, at: tuple[int, int], text: str, size: int, colour: tuple[int, int, int]
) -> None:
    draw.text(at, text, font=ImageFont.truetype(str(FONT), size), fill=colour, anchor="mm")


SCENES = {"desk": _desk, "counter": _counter, "board": _board, "corridor": _corridor}
