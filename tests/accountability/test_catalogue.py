"""The catalogue is data with versions: as shipped, and as the place sets what is its own to set."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from accountability.actions import catalogue as actions
from accountability.models import Catalogue, MeasureKind
from accountability.queries import catalogue
from conduct.errors import Forbidden, Refused
from findings.models import Finding
from tests.factories.cast import AT, Cast, signed_in
from tests.factories.measures import entry, kind, measure_on
from tests.rules.test_measure_effect import PERIODS

pytestmark = pytest.mark.django_db
BASIS = "安平市诫勉办法（安办发〔2026〕3号）"


def change(cast: Cast, code: str = "P-ADMON", months: int = 12, basis: str = BASIS) -> Catalogue:
    return actions.change_months(code=code, months=months, basis=basis, by=cast.clerk, at=AT)


def test_the_whole_catalogue_is_there_on_the_first_day() -> None:
    assert [row.code for row in catalogue.kinds()] == [row["code"] for row in catalogue.shipped()["measures"]]


def test_loading_it_again_changes_nothing() -> None:
    before = MeasureKind.objects.count()

    actions.load_shipped()

    assert (MeasureKind.objects.count(), Catalogue.objects.count()) == (before, 1)


def test_every_measure_names_its_own_rule() -> None:
    assert [row.code for row in catalogue.kinds() if "同上" in row.basis] == []


def test_a_local_period_is_changed_by_a_further_version(cast: Cast) -> None:
    newest = change(cast)

    assert (newest.version, kind("P-ADMON").months, kind("D-WARN").months) == (2, 12, 12)
    assert MeasureKind.objects.get(code="P-ADMON", catalogue__version=1).months == 6


def test_what_was_recorded_keeps_its_version(cast: Cast, finding: Finding) -> None:
    measure = measure_on(cast, finding)
    change(cast)

    measure.refresh_from_db()
    assert (measure.kind.catalogue.version, measure.effect_last_on) == (1, date(2026, 9, 2))
    assert measure_on(cast, finding, name="戊某", person_post="值班员").effect_last_on == date(2027, 3, 2)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"code": "D-WARN"}, "由法规统一规定"),
        ({"code": "Q-NONE"}, "由法规统一规定"),
        ({"months": 6}, "不需要修改"),
        ({"months": 121}, "0 到 120 个月之间"),
        ({"basis": " "}, "须写明依据"),
    ],
)
def test_what_cannot_be_changed_is_refused(cast: Cast, given: dict[str, object], words: str) -> None:
    with pytest.raises(Refused, match=words):
        change(cast, **given)


def test_the_leader_changes_no_catalogue(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        actions.change_months(code="P-ADMON", months=12, basis=BASIS, by=cast.leader, at=AT)


def test_it_is_changed_by_page(cast: Cast) -> None:
    client = signed_in(cast.clerk)

    answer = client.post("/accountability/catalogue/", {"code": "P-ADMON", "months": "12", "basis": BASIS})

    assert answer.status_code == 302
    page = client.get("/accountability/catalogue/").content.decode()
    assert "处理措施目录（第2版）" in page
    assert BASIS in page


def test_a_page_refused_keeps_what_was_typed(cast: Cast) -> None:
    answer = signed_in(cast.clerk).post(
        "/accountability/catalogue/", {"code": "P-ADMON", "months": "6", "basis": BASIS}
    )

    assert answer.status_code == 422
    assert BASIS in answer.content.decode()


class TestCommand:
    """manage.py effect_period CODE DATE [--probation M]"""

    def told(self, *arguments: object) -> str:
        out = io.StringIO()
        call_command("effect_period", *map(str, arguments), stdout=out, stderr=io.StringIO())
        return out.getvalue().strip()

    @pytest.mark.parametrize("code", PERIODS)
    def test_it_answers_for_every_measure(self, code: str) -> None:
        first, last = PERIODS[code]

        told = self.told(code, "2026-01-31", *(["--probation", 12] if code == "D-PROB" else []))

        assert told.split()[:2] == ([str(first), str(last)] if first and last else ["无"])

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (["Q-NONE", "2026-01-31"], "没有编码“Q-NONE”"),
            (["D-WARN", "2026-02-30"], "不是日期"),
            (["D-PROB", "2026-01-31"], "请写明察看期"),
            (["D-WARN", "2026-01-31", "--probation", "12"], "没有察看期"),
            (["D-WARN", "9999-06-01"], "超出日历范围"),
        ],
    )
    def test_a_question_it_cannot_answer_is_named(self, arguments: list[str], words: str) -> None:
        with pytest.raises(CommandError, match=words):
            self.told(*arguments)

    def test_it_answers_by_the_version_in_force(self, cast: Cast) -> None:
        change(cast)

        assert self.told("P-ADMON", "2026-01-31").split()[1] == "2027-01-31"


def test_the_entry_form_offers_the_measures_in_force(cast: Cast, finding: Finding) -> None:
    page = signed_in(cast.clerk).get(f"/accountability/findings/{finding.pk}/record/").content.decode()

    assert [code for code in PERIODS if f'value="{code}"' not in page] == []
    assert entry().kind.name in page
