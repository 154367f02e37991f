"""The plan of a campaign as a form: what, where and when, the teams, and the units."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from conduct.fields import CleanCharField, CleanTextField, DayField
from inspections.actions.campaigns import Plan, TeamPlan, UnitPlan
from inspections.models import Campaign, Method, Taxonomy
from inspections.queries import campaigns, standards
from inspections.queries import units as unit_queries
from inspections.rules.plans import MOST_TEAMS
from people.forms.pickers import PeopleChoice, PersonChoice
from people.models import Unit, User

from .parts import is_removed, left_in

TEAMS = "teams"
UNITS = "units"
MOST_DIGITS = 10
CHINESE = [*"一二三四五六七八九十", *(f"十{digit}" for digit in "一二三四五六七八九"), "二十"]
METHODS = [(Method.OPEN.value, Method.OPEN.label), (Method.COVERT.value, Method.COVERT.label)]


class PlanForm(forms.Form):
    """The text of a plan."""

    title = CleanCharField(label="批次名称", max_length=80, error_messages={"required": "请填写批次名称。"})
    method = forms.ChoiceField(
        label="检查方式",
        choices=METHODS,
        initial=Method.OPEN.value,
        widget=forms.RadioSelect,
        help_text="暗访在第一组出发前，只有拟稿人、带队负责人、组长和批准人看得到。",
    )
    level = forms.ChoiceField(label="检查级别", choices=Campaign.Level, initial=Campaign.Level.LOCAL.value)
    office = forms.ModelChoiceField(label="组织单位", queryset=Unit.objects.none(), empty_label=None)
    starts_on = DayField(label="开始日期")
    ends_on = DayField(label="结束日期")
    content = CleanTextField(label="检查内容", rows=4, required=False)
    objects_text = CleanTextField(label="检查对象", rows=2, required=False)
    scope = CleanTextField(label="检查范围", rows=2, required=False)
    leader = PersonChoice(
        label="带队负责人",
        queryset=User.objects.none(),
        empty_label="请选择",
        error_messages={"required": "请选择带队负责人。"},
    )
    approver = PersonChoice(
        label="批准人", queryset=User.objects.none(), empty_label="请选择", required=False
    )
    taxonomy = forms.ModelChoiceField(label="问题分类", queryset=Taxonomy.objects.none(), empty_label=None)


class TeamForm(forms.Form):
    """One team."""

    name = CleanCharField(
        label="组名", max_length=40, required=False, help_text="不填的按顺序叫第一组、第二组。"
    )
    members = PeopleChoice(
        label="检查人员（每组至少 2 人）",
        queryset=User.objects.none(),
        error_messages={"required": "请勾选本组检查人员。"},
    )
    leader = PersonChoice(
        label="组长",
        queryset=User.objects.none(),
        empty_label="请选择",
        error_messages={"required": "请从本组人员中指定组长。"},
    )

    def __init__(self, *args: Any, people: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        fields["members"].offer(people)
        fields["leader"].offer(people)


TeamFormSet = forms.formset_factory(
    TeamForm, extra=0, can_delete=True, max_num=MOST_TEAMS, absolute_max=MOST_TEAMS + 1, validate_max=True
)


class PlanForms:
    """The whole plan as forms, for one author on one day."""

    def __init__(
        self,
        *,
        author: User,
        day: date,
        data: QueryDict | None = None,
        campaign: Campaign | None = None,
    ) -> None:
        self.author, self.day, self.data = author, day, data
        self.offices = campaigns.offices_of(author)
        if campaign and campaign.office not in self.offices:
            self.offices.insert(0, campaign.office)
        self.plan = PlanForm(data, initial=_initial(campaign))
        self._offer(self._office(campaign), campaign)
        options: dict[str, Any] = {"prefix": TEAMS, "form_kwargs": {"people": self.inspectors}}
        if data is not None:
            self.teams = TeamFormSet(data, **options)
        else:
            self.teams = TeamFormSet(initial=_initial_teams(campaign), **options)
            self.teams.extra = 0 if campaign and campaign.teams.exists() else 1
        self.units = _chosen(data, campaign)

    @property
    def all(self) -> list[forms.BaseForm]:
        """Every form, for the list of errors."""
        return [self.plan, *left_in(self.teams.forms)]

    def read(self) -> Plan | None:
        """The plan as the action wants it; None when something is wrong, said at its field."""
        if not all([self.plan.is_valid(), self.teams.is_valid()]):
            return None
        places: dict[int, int] = {}
        teams: list[TeamPlan] = []
        for number, form in enumerate(self.teams.forms):
            values = form.cleaned_data
            if values.get("members") and not is_removed(form):
                places[number] = len(teams)
                name = values["name"] or f"第{CHINESE[len(teams)]}组"
                teams.append(TeamPlan(name, values["leader"], list(values["members"])))
        units = [UnitPlan(unit, places.get(team) if team is not None else None) for unit, team in self.units]
        return Plan(**self.plan.cleaned_data, teams=teams, units=units)

    def refuse(self, text: str) -> None:
        """Say at the head of the form why it was not taken."""
        self.plan.add_error(None, text)

    def _office(self, campaign: Campaign | None) -> Unit | None:
        wanted = self.data.get("office") if self.data else None
        by_pk = {str(unit.pk): unit for unit in self.offices}
        if wanted in by_pk:
            return by_pk[str(wanted)]
        if campaign:
            return campaign.office
        return self.offices[0] if self.offices else None

    def _offer(self, office: Unit | None, campaign: Campaign | None) -> None:
        fields: dict[str, Any] = self.plan.fields
        self.inspectors = User.objects.none()
        fields["office"].queryset = Unit.objects.filter(pk__in=[unit.pk for unit in self.offices])
        fields["office"].initial = office.pk if office else None
        offered = [taxonomy.pk for taxonomy in standards.currents()]
        if campaign:
            offered.append(campaign.taxonomy_id)
        fields["taxonomy"].queryset = Taxonomy.objects.filter(pk__in=offered).order_by("-scheme", "version")
        if office:
            author = campaign.author if campaign else self.author
            self.inspectors = campaigns.inspectors(office=office, day=self.day)
            fields["leader"].offer(campaigns.leaders(office=office, day=self.day))
            fields["approver"].offer(campaigns.approvers(office=office, day=self.day, author=author))


def with_one_more_team(data: QueryDict) -> QueryDict:
    """What was typed with room for one more team."""
    grown = data.copy()
    total = f"{TEAMS}-TOTAL_FORMS"
    given = _place(grown.get(total))
    grown[total] = str(min((given or 0) + 1, MOST_TEAMS))
    return grown


def _initial(campaign: Campaign | None) -> dict[str, Any]:
    if campaign is None:
        return {}
    return {name: getattr(campaign, name) for name in PlanForm.base_fields}


def _initial_teams(campaign: Campaign | None) -> list[dict[str, Any]]:
    if campaign is None:
        return []
    return [
        {
            "name": team.name,
            "leader": team.leader_id,
            "members": [member.user_id for member in team.members.all()],
        }
        for team in campaigns.teams(campaign)
    ]


def _chosen(data: QueryDict | None, campaign: Campaign | None) -> list[tuple[Unit, int | None]]:
    """The units ticked with the place of their team in the list of forms."""
    if data is not None:
        wanted = [value for value in data.getlist(UNITS) if value.isdecimal() and len(value) < MOST_DIGITS]
        return [(unit, _place(data.get(f"team_of_{unit.pk}"))) for unit in unit_queries.by_ids(wanted)]
    if campaign is None:
        return []
    places = {team.pk: place for place, team in enumerate(campaigns.teams(campaign))}
    rows = campaign.units.select_related("unit").order_by("unit__path")
    return [(row.unit, places.get(row.team_id) if row.team_id else None) for row in rows]


def _place(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < MOST_DIGITS else None
