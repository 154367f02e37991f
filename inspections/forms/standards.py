"""A scheme as a form: the version in force with changes, or a file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict

from conduct import tables
from conduct.errors import Refused
from conduct.fields import CleanCharField, CleanTextField
from inspections.models import Taxonomy
from inspections.queries import scheme_files, standards
from inspections.rules import taxonomy as rules
from inspections.rules.taxonomy import Node

NEW_LINES = 5
MOST_FAULTS = 50


class SchemeFile(forms.Form):
    """A whole scheme in a file."""

    file = forms.FileField(
        label="新版本文件",
        error_messages={"required": "请选择文件。", "empty": "这是空文件（0 字节），请重新选择。"},
    )

    def read(self) -> list[Node] | None:
        """The lines of the file; None when something is wrong, said at the field."""
        if not self.is_valid():
            return None
        upload = self.cleaned_data["file"]
        if upload.size > tables.MOST_BYTES:
            size, most = upload.size / tables.MEGABYTE, tables.MOST_BYTES // tables.MEGABYTE
            self.add_error(
                "file", f"“{upload.name}”有 {size:.1f} MB，超过上限 {most} MB。请核对是不是这份文件。"
            )
            return None
        try:
            nodes, numbers = scheme_files.read(name=upload.name, content=upload.read())
        except Refused as refusal:
            self.add_error("file", str(refusal))
            return None
        for fault in rules.faults(nodes)[:MOST_FAULTS]:
            place = f"第{numbers[fault.row - 1]}行：" if fault.row else ""
            self.add_error("file", f"{place}{fault.text}")
        return None if self.errors else nodes

    def refuse(self, text: str) -> None:
        """Say why it was not published."""
        self.add_error("file", text)


class NodeForm(forms.Form):
    """One line of a scheme."""

    code = CleanCharField(label="编码", max_length=rules.MOST_CODE, required=False)
    parent = CleanCharField(label="上级编码", max_length=rules.MOST_CODE, required=False)
    name = CleanCharField(label="名称", max_length=rules.MOST_NAME, required=False)
    definition = CleanTextField(label="定义", max_length=500, rows=2, required=False)
    phrase = CleanCharField(label="通俗说法", max_length=rules.MOST_NAME, required=False)
    retired = forms.BooleanField(label="停用", required=False)


NodeFormSet = forms.formset_factory(NodeForm, extra=NEW_LINES, max_num=rules.MOST_LINES, validate_max=True)


class NodeForms:
    """Every line of the version in force, and a few empty ones."""

    def __init__(self, *, taxonomy: Taxonomy, data: QueryDict | None = None) -> None:
        self.old = {node.code: node for node in standards.nodes_of(taxonomy)}
        self.lines = NodeFormSet(data, initial=[_initial(node) for node in self.old.values()], prefix="lines")
        self.errors: list[str] = []

    def read(self) -> list[Node] | None:
        """The lines kept and added; None when something is wrong."""
        if not self.lines.is_valid():
            self.errors += [str(error) for error in self.lines.non_form_errors()]
            return None
        kept = [form.cleaned_data for form in self.lines if form.cleaned_data.get("code")]
        return [self._node(values) for values in kept if not values["retired"]]

    def refuse(self, text: str) -> None:
        """Say why it was not published."""
        self.errors.append(text)

    def _node(self, values: dict[str, Any]) -> Node:
        before = self.old.get(values["code"])
        return Node(
            code=values["code"],
            name=values["name"],
            parent=values["parent"],
            definition=values["definition"],
            phrase=values["phrase"],
            legal_basis=before.legal_basis if before else (),
            maps_to=before.maps_to if before else (),
        )


def _initial(node: Node) -> dict[str, str]:
    return {name: getattr(node, name) for name in ("code", "parent", "name", "definition", "phrase")}
