"""Papers as frozen values that go to JSON and come back the same.

A paper is a frozen dataclass built of str, int, float, bool, date, datetime, time, None, tuples and further frozen
dataclasses. Its JSON is what is kept at issue; the same JSON draws the same bytes.
"""

import json
import types
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime, time
from functools import cache
from typing import Any, ClassVar, Self, Union, get_args, get_origin, get_type_hints

from conduct.pdfkit.text import clean

# So many hexadecimal digits of a digest are printed: 64 bits, enough to compare by eye and by telephone.
SHORT = 16


@dataclass(frozen=True, slots=True)
class ChainHead:
    """The head of the audit chain when a paper was issued: number of the seal and its digest, in full."""

    seq: int
    digest: str


def short(digest: str) -> str:
    """A digest as people compare it: sixteen digits, four by four."""
    digits = digest[:SHORT].upper()
    return " ".join(digits[at : at + 4] for at in range(0, SHORT, 4))


class Paper:
    """What every paper can do; FORM goes up when the shape changes so that old JSON needs reading differently."""

    FORM: ClassVar[int] = 1

    def to_json(self) -> str:
        """The paper as JSON text, keys in order; the texts of people are cleaned on the way."""
        whole = {"paper": type(self).__name__, "form": self.FORM, "content": _plain(self)}
        return json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The paper a JSON text tells of; fields it does not name take their defaults.

        Raises: ValueError when the text is not JSON of this paper
        """
        whole = json.loads(text)
        if not isinstance(whole, dict) or whole.get("paper") != cls.__name__:
            raise ValueError(f"expected JSON of {cls.__name__}, found {str(whole)[:80]!r}")
        if whole.get("form") != cls.FORM:
            raise ValueError(f"form {whole.get('form')!r} of {cls.__name__}, expected {cls.FORM!r}")
        kind: Any = cls
        paper: Self = _reader(kind)(whole.get("content"), cls.__name__)
        return paper


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, str):
        return clean(value)
    if value is None or isinstance(value, int | float):
        return value
    raise TypeError(f"{value!r} cannot stand in a paper")


@cache
def _reader(kind: Any) -> Callable[[Any, str], Any]:
    """What turns a plain value into the type a field declares; it raises ValueError naming the field."""
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        inner = _reader(next(arg for arg in get_args(kind) if arg is not type(None)))
        return lambda value, where: None if value is None else inner(value, where)
    if origin is tuple:
        return _tuple_reader(_reader(get_args(kind)[0]))
    if is_dataclass(kind):
        return _dataclass_reader(kind)
    if kind in (date, datetime, time):
        return lambda value, where: kind.fromisoformat(_checked(value, where, str))
    if kind is float:
        return lambda value, where: float(_checked(value, where, (int, float)))
    return lambda value, where: _checked(value, where, kind)


def _checked(value: Any, where: str, kind: Any) -> Any:
    if isinstance(value, kind) and (kind is bool or not isinstance(value, bool)):
        return value
    raise ValueError(f"{where} is {value!r}, expected {kind}")


def _tuple_reader(read: Callable[[Any, str], Any]) -> Callable[[Any, str], Any]:
    return lambda value, where: tuple([read(item, where) for item in _checked(value, where, list)])


def _dataclass_reader(kind: Any) -> Callable[[Any, str], Any]:
    hints = get_type_hints(kind)
    readers = {
        field.name: (_reader(hints[field.name]), f"{kind.__name__}.{field.name}") for field in fields(kind)
    }

    def read(value: Any, where: str) -> Any:
        if unknown := sorted(_checked(value, where, dict).keys() - readers.keys()):
            raise ValueError(f"{where} has no field {unknown!r}")
        content = {}
        for name, plain in value.items():
            reader, at = readers[name]
            content[name] = reader(plain, at)
        try:
            return kind(**content)
        except TypeError as fault:
            raise ValueError(f"{where} is incomplete: {fault}") from fault

    return read
