"""What a page offers: its forms with every field as a browser would send it, and the addresses it leads to."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin

QUIET = frozenset({"csrfmiddlewaretoken"})


@dataclass(frozen=True)
class Control:
    """One field: what it is, what it sends as it stands, what else it could send."""

    name: str
    kind: str
    value: str = ""
    is_on: bool = True
    is_required: bool = False
    options: tuple[str, ...] = ()


@dataclass
class Form:
    """One way to send a form: its address, its fields, and the button that was pressed."""

    action: str
    method: str
    controls: list[Control] = field(default_factory=list)
    button: tuple[str, str] | None = None

    @property
    def names(self) -> set[str]:
        return {control.name for control in self.controls}


class _Reader(HTMLParser):
    def __init__(self, here: str) -> None:
        super().__init__()
        self.here = here
        self.forms: dict[str, Form] = {}
        self.buttons: list[tuple[str, dict[str, str]]] = []
        self.links: list[str] = []
        self.stack: list[str] = []
        self.select: dict[str, str] | None = None
        self.chosen: list[str] = []
        self.options: list[str] = []
        self.text: dict[str, str] | None = None
        self.typed = ""
        self.waiting: list[tuple[str, Control]] = []

    def handle_starttag(self, tag: str, pairs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in pairs}
        if tag == "a" and "href" in given:
            self.links.append(urldefrag(urljoin(self.here, given["href"]))[0])
        elif tag == "form":
            key = given.get("id") or f"form{len(self.forms)}"
            self.stack.append(key)
            action = urljoin(self.here, given.get("action") or self.here)
            self.forms[key] = Form(action, given.get("method", "get").lower())
        elif tag == "input":
            self._input(given)
        elif tag == "select":
            self.select, self.chosen, self.options = given, [], []
        elif tag == "option" and self.select is not None:
            self.options.append(given.get("value", ""))
            if "selected" in given:
                self.chosen.append(given.get("value", ""))
        elif tag == "textarea":
            self.text, self.typed = given, ""
        elif tag == "button" and given.get("type", "submit") == "submit" and "formnovalidate" not in given:
            self.buttons.append((given.get("form") or self._here(), given))

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            self.typed += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self.stack:
            self.stack.pop()
        elif tag == "select" and self.select is not None:
            chosen = self.chosen or ([] if "multiple" in self.select else self.options[:1])
            for value in chosen or [""]:
                self._put(self.select, "select", value, is_on=bool(chosen), options=tuple(self.options))
            self.select = None
        elif tag == "textarea" and self.text is not None:
            self._put(self.text, "textarea", self.typed.lstrip("\n"))
            self.text = None

    def _input(self, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        if kind in ("submit", "button", "reset"):
            return
        is_ticked = kind not in ("checkbox", "radio") or "checked" in given
        value = given.get("value", "on" if kind == "checkbox" else "")
        self._put(given, kind, value, is_on=is_ticked)

    def _put(
        self,
        given: dict[str, str],
        kind: str,
        value: str,
        *,
        is_on: bool = True,
        options: tuple[str, ...] = (),
    ) -> None:
        name = given.get("name", "")
        if not name or name in QUIET or "__prefix__" in name or "disabled" in given:
            return
        control = Control(name, kind, value, is_on, "required" in given, options)
        self.waiting.append((given.get("form") or self._here(), control))

    def _here(self) -> str:
        return self.stack[-1] if self.stack else ""

    def done(self) -> tuple[list[Form], list[str]]:
        for key, control in self.waiting:
            if key in self.forms:
                self.forms[key].controls.append(control)
        found = []
        for key, form in self.forms.items():
            mine = [given for owner, given in self.buttons if owner == key] or [{}]
            for given in mine:
                button = (given["name"], given.get("value", "")) if given.get("name") else None
                action = urljoin(self.here, given["formaction"]) if given.get("formaction") else form.action
                method = given.get("formmethod", form.method).lower()
                sent = replace(form, action=action, method=method, button=button)
                if sent not in found:
                    found.append(sent)
        return found, self.links


def read(html: str, *, here: str) -> tuple[list[Form], list[str]]:
    """The forms and the links of a page."""
    reader = _Reader(here)
    reader.feed(html)
    return reader.done()
