"""Papers as frozen values that go to JSON and come back the same.

A paper is a frozen dataclass built of str, int, float, bool, date, datetime, time, None, tuples and further frozen
dataclasses. Its JSON is what is kept at issue; the same JSON draws the same bytes.
"""

import json
import types
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from typing import Any, ClassVar, Self, Union, get_args, get_origin, get_type_hints

from conduct.pdfkit.text import clean


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
        paper: Self = _typed(cls, whole["content"], cls.__name__)
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


def _typed(kind: Any, value: Any, where: str) -> Any:
    """The value as the type a field declares.

    Raises: ValueError naming the field
    """
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        if value is None:
            return None
        return _typed(next(arg for arg in get_args(kind) if arg is not type(None)), value, where)
    if origin is tuple and isinstance(value, list):
        return tuple(_typed(get_args(kind)[0], item, where) for item in value)
    if is_dataclass(kind) and isinstance(kind, type) and isinstance(value, dict):
        hints = get_type_hints(kind)
        names = {field.name for field in fields(kind)}
        if unknown := sorted(set(value) - names):
            raise ValueError(f"{where} has no field {unknown!r}")
        return kind(**{name: _typed(hints[name], value[name], f"{where}.{name}") for name in value})
    if kind in (date, datetime, time) and isinstance(value, str):
        return kind.fromisoformat(value)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if isinstance(kind, type) and isinstance(value, kind) and (kind is bool or not isinstance(value, bool)):
        return value
    raise ValueError(f"{where} is {value!r}, expected {kind}")
