"""The fonts of the papers by role, with a fallback for each character a role's font lacks.

Roles: fang 仿宋, title 小标宋, hei 黑体, kai 楷体, song 宋体 (page numbers). The files of this checkout are the
default; a folder with a roles.toml replaces roles one by one (its form: fonts/README.md).
"""

import hashlib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from conduct.pdfkit.face import Face
from conduct.pdfkit.pages import Segment
from conduct.pdfkit.text import clean

HERE = Path(__file__).parent / "fonts"
ROLES = {
    "fang": "FandolFang-Regular.otf",
    "title": "FandolSong-Bold.otf",
    "hei": "FandolHei-Regular.otf",
    "kai": "FandolKai-Regular.otf",
    "song": "FandolSong-Latin.otf",
}
FALLBACKS = (
    "NotoSerifCJKsc-Rest.otf",
    "BabelStoneHan-Rest.ttf",
    "NotoEmoji-Rest.ttf",
    "Symbola-Rest.ttf",
)
# Fandol gives these roles letters and digits without serifs; an office expects those of Song.
PLAIN_LATIN = ("fang", "kai")
# Printed where no font has the character: the sign type setters use for a missing letter.
GETA = "〓"
_ASCII_OR_NOT = re.compile("[!-~]+|[^!-~]+")


class FontFault(Exception):
    """A font folder cannot be used; the message says in Chinese what is wrong and what to do."""


class _Widths(dict[str, float]):
    """Width in em of each character of a role with a tracking, found at first use."""

    def __init__(self, role: "Role", tracking: float = 0.0) -> None:
        super().__init__()
        self._role = role
        self._tracking = tracking

    def __missing__(self, char: str) -> float:
        self[char] = width = self._role.look_up(char) + self._tracking
        return width


class Role:
    """One role: its own font first, then the others in order."""

    def __init__(self, chain: tuple[Face, ...], *, latin: Face | None = None) -> None:
        self.chain = chain
        self._latin = latin
        self.width = _Widths(self)
        self._advances: dict[float, _Widths] = {}
        self._own: set[str] = set()
        self._latin_own: set[str] = set()
        self._other: dict[str, Face | None] = {}

    def look_up(self, char: str) -> float:
        """Find the face of a character and its width in em."""
        chain = (self._latin, *self.chain) if self._latin and char.isascii() and char != " " else self.chain
        for face in chain:
            if face.glyph(char):
                if face is self.chain[0]:
                    self._own.add(char)
                else:
                    self._other[char] = face
                if face is self._latin:
                    self._latin_own.add(char)
                return face.advance(char)
        self._other[char] = None
        return self.width[GETA]

    def has(self, char: str) -> bool:
        """Whether any font of the role draws the character."""
        _ = self.width[char]
        return char in self._own or self._other[char] is not None

    def advances(self, tracking: float) -> "_Widths":
        """Width in em of each character with this tracking added."""
        table = self._advances.get(tracking)
        if table is None:
            table = self._advances[tracking] = _Widths(self, tracking)
        return table

    def segments(self, text: str) -> list[Segment]:
        """The text as pieces of one font; characters no font has become 〓."""
        if self._own.issuperset(text):
            return [Segment(self.chain[0], text)]
        if self._latin is None:
            return list(self._by_character(text))
        pieces: list[Segment] = []
        for piece in _ASCII_OR_NOT.findall(text):
            if self._own.issuperset(piece):
                pieces.append(Segment(self.chain[0], piece))
            elif self._latin_own.issuperset(piece):
                pieces.append(Segment(self._latin, piece))
            else:
                pieces += self._by_character(piece)
        return pieces

    def _by_character(self, text: str) -> Iterator[Segment]:
        for face, chars in groupby(text, self._face):
            piece = "".join(chars)
            if face is None:
                yield from self.segments(GETA * len(piece))
            else:
                yield Segment(face, piece)

    def placed(self, text: str, size: float, tracking: float = 0.0) -> tuple[Segment, ...]:
        """The text as the pieces of one line, each with its offset."""
        found, offset = [], 0.0
        for face, piece, _ in self.segments(text):
            found.append(Segment(face, piece, offset))
            offset += self.text_width(piece, size, tracking) + tracking
        return tuple(found)

    def text_width(self, text: str, size: float, tracking: float = 0.0) -> float:
        """Width of a line from the first to the last em box, in points."""
        width = self.width
        return sum([width[char] for char in text]) * size + tracking * max(len(text) - 1, 0)

    def _face(self, char: str) -> Face | None:
        _ = self.width[char]
        return self.chain[0] if char in self._own else self._other[char]


class FontSet:
    """Every role with its fonts."""

    def __init__(
        self, roles: dict[str, Face], fallbacks: Iterable[Face], *, latin: Mapping[str, Face] | None = None
    ) -> None:
        behind = tuple(fallbacks)
        by_latin = latin or {}
        self._faces = (*roles.values(), *behind)
        self._roles = {}
        for name, face in roles.items():
            # A role first borrows from the body font, which shares most of its shapes.
            body = () if name == "fang" else (roles["fang"],)
            self._roles[name] = Role((face, *body, *behind), latin=by_latin.get(name))

    def role(self, name: str) -> Role:
        """The fonts of a role."""
        return self._roles[name]

    def missing_characters(self, text: str) -> list[str]:
        """The characters of a text that no font can draw, each once, in the order they come."""
        body = self._roles["fang"]
        return [char for char in dict.fromkeys(clean(text)) if char != "\n" and not body.has(char)]

    def missing_message(self, text: str) -> str:
        """A sentence naming the characters that would print as 〓, empty when there are none."""
        missing = self.missing_characters(text)
        if not missing:
            return ""
        shown = "、".join(f"“{char}”（U+{ord(char):04X}）" for char in missing[:20])
        more = f"等{len(missing)}个" if len(missing) > 20 else ""
        return (
            f"现有字体中没有下列字符，打印时将以“〓”代替：{shown}{more}。请改用其他写法，或请管理员补充字体。"
        )

    def fingerprint(self) -> dict[str, str]:
        """File name and SHA-256 of every font, to be kept with an issued paper."""
        return {face.path.name: face.sha256 for face in self._faces}

    def fingerprint_of_all(self) -> str:
        """One SHA-256 over all fonts."""
        lines = sorted(f"{name} {digest}" for name, digest in self.fingerprint().items())
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


@lru_cache(maxsize=4)
def load(folder: Path | None = None) -> FontSet:
    """The fonts of this checkout, with the roles a folder replaces.

    Raises: FontFault when the folder, its roles.toml or a font named there cannot be used
    """
    roles = {name: Face(HERE / file) for name, file in ROLES.items()}
    replaced = _replaced(folder) if folder is not None else {}
    latin = {name: roles["song"] for name in PLAIN_LATIN if name not in replaced}
    return FontSet(roles | replaced, [Face(HERE / file) for file in FALLBACKS], latin=latin)


def _replaced(folder: Path) -> dict[str, Face]:
    """The roles a folder names in its roles.toml."""
    table = folder / "roles.toml"
    if not table.is_file():
        raise FontFault(
            f"字体目录“{folder}”中没有 roles.toml，请按字体说明写明各字体的用途，或取消 FONT_DIR 设置。"
        )
    try:
        named = tomllib.loads(table.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise FontFault(f"字体目录“{folder}”中的 roles.toml 无法读取：{fault}。请检查其内容。") from fault
    if unknown := sorted(set(named) - set(ROLES)):
        raise FontFault(f"roles.toml 中的用途“{'、'.join(unknown)}”不存在，可用的有：{'、'.join(ROLES)}。")
    return {role: _face(folder, role, value) for role, value in named.items()}


def _face(folder: Path, role: str, value: object) -> Face:
    match value:
        case str(file):
            index = 0
        case [str(file), int(index)]:
            pass
        case _:
            raise FontFault(f"roles.toml 中“{role}”的写法不对，应为文件名，或文件名和序号。")
    path = folder / file
    if not path.is_file():
        raise FontFault(
            f"字体目录“{folder}”中没有文件“{file}”（用途：{role}），请放入该文件或修改 roles.toml。"
        )
    face = Face(path, index)
    if not face.glyph("的"):
        raise FontFault(f"文件“{file}”不是可用的中文字体（用途：{role}），请更换。")
    return face
