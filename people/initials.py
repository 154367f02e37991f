"""Names by their sound: pinyin and its initials, by which names are found from a keyboard.

A character may have several sounds. In a word the dictionary of phrases decides (银行 yinhang); a surname has its own
sound (单 shan), and whoever does not know it types the common one: so a person is found by both.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from conduct.search.text import fold

# Surnames whose sound the dictionary of characters does not give. House choice.
SURNAMES = {
    "单": "shan",
    "曾": "zeng",
    "仇": "qiu",
    "区": "ou",
    "解": "xie",
    "查": "zha",
    "朴": "piao",
    "盖": "ge",
    "翟": "zhai",
    "覃": "qin",
    "乐": "yue",
    "缪": "miao",
    "洗": "xian",
    "员": "yun",
    "折": "she",
    "黑": "he",
    "秘": "bi",
    "薄": "bo",
    "繁": "po",
    "种": "chong",
    "召": "shao",
    "句": "gou",
    "祭": "zhai",
    "隗": "wei",
    "牟": "mu",
    "郇": "xun",
    "佴": "nai",
    "角": "jue",
    "藏": "zang",
    "能": "nai",
    "重": "chong",
}
LONGEST_SURNAME = 2
MOST_INITIALS, MOST_PINYIN = 40, 200


@lru_cache(maxsize=4096)
def initials_of(text: str) -> str:
    """The first letter of each syllable, small: 东区行政审批局 → dqxzspj; Latin letters and digits stay."""
    return _typed(_syllables(text, first=True))


def pinyin_of(*names: str) -> str:
    """How all names of a unit are typed by their sound, parted by blanks: 审批局 → shenpiju."""
    return _listed(_typed(_syllables(name)) for name in names)


def sounds_of_person(name: str) -> dict[str, str]:
    """The columns by which a person is found: initials and pinyin, with the common sound of the surname as well."""
    return {
        "initials": _listed(_typed(reading) for reading in _readings(name, first=True))[:MOST_INITIALS],
        "pinyin": _listed(_typed(reading) for reading in _readings(name))[:MOST_PINYIN],
    }


def rank(typed: str, *, names: Iterable[str], sounds: Iterable[str]) -> int | None:
    """How well what was typed meets a row: 0 a whole name, 1 its beginning, 2 a part of it; None not at all.

    names:  every name the row goes by
    sounds: initials and pinyin, one or several parted by blanks
    """
    wanted = fold(typed).strip()
    if not wanted:
        return None
    called = [fold(name) for name in names if name]
    if wanted in called:
        return 0
    # By sound one types syllables with or without blanks between them.
    spelt, heard = wanted.replace(" ", ""), [sound for some in sounds for sound in some.split()]
    if any(name.startswith(wanted) for name in called) or any(sound.startswith(spelt) for sound in heard):
        return 1
    is_part = any(wanted in name for name in called) or any(spelt in sound for sound in heard)
    return 2 if is_part else None


def heard(typed: str, *sounds: str) -> str:
    """The sound that was typed, so that a list of suggestions shows why it has this line; else the first one."""
    spelt = fold(typed).replace(" ", "")
    every = [sound for some in sounds for sound in some.split()]
    return next((sound for sound in every if spelt and spelt in sound), every[0] if every else "")


def _readings(name: str, *, first: bool = False) -> list[list[str]]:
    """The syllables of a person's name, as its surname is read and as the characters are."""
    common = _syllables(name, first=first)
    for length in range(LONGEST_SURNAME, 0, -1):
        if own := SURNAMES.get(name[:length]):
            surname = [syllable[0] if first else syllable for syllable in own.split()]
            return [[*surname, *_syllables(name[length:], first=first)], common]
    return [common]


def _syllables(text: str, *, first: bool = False) -> list[str]:
    # Its dictionaries take half a second and 30 MB, which only a process that names something should pay.
    from pypinyin import Style, lazy_pinyin

    return list(lazy_pinyin(text, style=Style.FIRST_LETTER if first else Style.NORMAL))


def _typed(syllables: Iterable[str]) -> str:
    return "".join(ch for part in syllables for ch in part.lower() if ch.isascii() and ch.isalnum())


def _listed(sounds: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(filter(None, sounds)))
