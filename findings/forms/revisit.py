from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from findings.actions.revisits import Party
from findings.models import Revisit
from findings.queries import revisits
from people.forms.pickers import PeopleChoice, PersonChoice
from people.models import User


class ArrangeForm(forms.Form):
    """Who makes the second look, and who approves it."""

    approver = PersonChoice(label="批准人", queryset=User.objects.none(), empty_label="请选择")
    members = PeopleChoice(
        label="检查人员（至少 2 人，验收和销号的同志不能参加）",
        queryset=User.objects.none(),
        error_messages={"required": "请勾选检查人员。"},
    )
    leader = PersonChoice(
        label="组长", queryset=User.objects.none(), empty_label="请选择", help_text="从上面勾选的人员中指定。"
    )

    def __init__(self, *args: Any, keeper: User, day: date, **options: Any) -> None:
        super().__init__(*args, **options)
        approvers, people = revisits.people_for(keeper, day=day)
        fields: dict[str, Any] = self.fields
        fields["approver"].offer(approvers)
        fields["members"].offer(people)
        fields["leader"].offer(people)

    def party(self) -> Party:
        """The typed values as the action takes them."""
        chosen = self.cleaned_data
        return Party(chosen["approver"], chosen["leader"], list(chosen["members"]))


class EntrustForm(forms.Form):
    """Who keeps it from now on."""

    keeper = PersonChoice(label="移交给", queryset=User.objects.none(), empty_label="请选择")

    def __init__(self, *args: Any, revisit: Revisit, day: date, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        fields["keeper"].offer(revisits.keepers_for(revisit, day=day))
