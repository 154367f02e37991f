"""Stories of findings, from what was seen to 销号."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from conduct import clock
from conduct.errors import Refused
from findings.actions import (
    acceptances,
    liaisons,
    notices,
    observations,
    plans,
    rectifications,
    reviews,
    shaping,
    statements,
    transfers,
)
from findings.actions import findings as triage
from findings.actions.findings import Particulars
from findings.models import Finding, Notice, Rectification, UnitStatement
from findings.queries import hearing, verdicts
from findings.rules.plan import Item
from inspections.models import Observation
from people.models import User

from . import measures, scenes, themes, words
from .stage import Stage, Story

CONTACT = "督查一科 0000-6021318"

# Not this unit's own: drafted, returned within five working days, and given to another.
HANDED_ON = "handed_on"


@dataclass(frozen=True)
class Course:
    """How far a finding goes, and by which way.

    upto:   a state of the finding, or a word for a place within one: asked, draft, returned, one_accept, refused
    route:  of putting right
    slow:   working days the unit takes for its report
    """

    upto: str
    route: str = "limited"
    slow: int = 7
    returns: int = 0
    verdict: str = "confirm"
    grade: int = 2


def finding(stage: Stage, seen: Sequence[Observation], back: int, course: Course) -> Story:
    """Raise, verify, hear, judge, order, put right, review, accept and close, as far as the course goes."""
    raiser = stage.city.clerks[0]
    yield (moment := stage.at(back, 9))
    row = triage.raise_from(
        observations=seen,
        particulars=_particulars(seen, course.grade),
        by=raiser,
        at=moment,
        reason="现场记录已归档",
    )
    row.causes.set(stage.rng.sample(stage.causes[:12], 2))
    if course.upto == Finding.State.NEW:
        return
    yield (moment := stage.at(back, 15))
    triage.start_verifying(finding=row, by=raiser, at=moment)
    if course.upto == Finding.State.VERIFYING:
        return
    if hearing.points_at_person(row) or course.upto == "asked":
        yield (moment := stage.at(back, 16))
        statements.ask(finding=row, by=raiser, at=moment)
        if course.upto == "asked":
            return
        yield (moment := stage.at(back - 1, 15))
        _hear(stage, row, moment)
    yield (moment := stage.at(back - 2, 10))
    _judge(stage, row, course, moment)
    if row.state not in (Finding.State.CONFIRMED, Finding.State.PARTLY) or course.upto == row.state:
        return
    yield (moment := stage.at(back - 2, 15))
    notice = _issue(stage, row, course, moment)
    if course.upto == Finding.State.ASSIGNED:
        return
    yield from _put_right(stage, row, notice, back - 3, course)


def _put_right(stage: Stage, row: Finding, notice: Notice, back: int, course: Course) -> Story:
    """What the unit does, and what the office says to it."""
    head, liaison = _head(stage, row), _liaison(stage, row)
    yield (moment := stage.at(back, 9))
    notices.receive(notice=notice, by=head, at=moment)
    row.refresh_from_db()
    if course.upto == Finding.State.RECEIVED:
        return
    liaisons.appoint(finding=row, liaison=liaison, by=head, at=stage.at(back, 10))
    if row.needs_plan:
        yield from _plan(stage, row, back)
    back -= max(1, course.slow - 3)
    yield (moment := stage.at(back, 10))
    report = _draft(stage, row, liaison, moment)
    if course.upto == Finding.State.RECTIFYING:
        return
    if course.upto == HANDED_ON:
        yield from _hand_on(stage, row, back)
        return
    for turn in range(course.returns + 1):
        back -= 2
        yield (moment := stage.at(back, 15))
        report.finding = row
        rectifications.sign(rectification=report, by=head, at=moment)
        if course.upto == Finding.State.SUBMITTED and turn == course.returns:
            return
        back -= 1
        yield (moment := stage.at(back, 14))
        if turn < course.returns:
            report = reviews.send_back(
                finding=row, by=stage.city.clerks[1], at=moment, reason=stage.rng.choice(words.RETURNS)
            )
            if course.upto == "returned":
                return
    reviews.pass_on(finding=row, by=stage.city.clerks[1], at=moment, reason=stage.rng.choice(words.PASSES))
    yield from _accept(stage, row, back, course)


def _hand_on(stage: Stage, row: Finding, back: int) -> Story:
    """The unit returns what is not its own, and the office gives it to the unit it belongs to."""
    yield (moment := stage.at(back - 1, 9))
    request = transfers.ask(finding=row, reason=words.NOT_OURS, suggested="", by=_head(stage, row), at=moment)
    yield (moment := stage.at(back - 2, 10))
    others = (unit for code, unit in stage.city.units.items() if stage.city.answered_by(code) == code)
    transfers.grant(
        request=request,
        unit=next(unit for unit in others if unit.pk != row.unit_id),
        route=stage.routes["limited"],
        requirement=row.requirement,
        contact=CONTACT,
        reason=words.IS_THEIRS,
        by=stage.city.clerks[1],
        at=moment,
    )


def _plan(stage: Stage, row: Finding, back: int) -> Story:
    """The plan of a longer matter: handed in the day after the receipt, agreed to the day after that."""
    yield (moment := stage.at(back - 1, 10))
    head, until = _head(stage, row), row.due_on or moment.date()
    parts = themes.report_parts(rng=Random(0), code=row.category.code)  # noqa: S311 words, no secret
    items = [Item(parts[name], "办公室主任", until) for name in ("measures", "rules_built")]
    plan = plans.write(
        plan=row.plans.get(), approach=row.requirement, items=items, expected=1, by=head, at=moment
    )
    plans.hand_in(plan=plan, by=head, at=moment)
    yield (moment := stage.at(back - 2, 10))
    plans.approve(plan=plan, by=stage.city.clerks[1], at=moment, reason="目标明确，措施具体，同意。")


def _accept(stage: Stage, row: Finding, back: int, course: Course) -> Story:
    if course.upto == Finding.State.AWAITING_ACCEPTANCE:
        return
    for number, person in enumerate(stage.city.clerks[2:4]):
        yield (moment := stage.at(back - 1 - number, 10))
        if course.upto == "refused":
            acceptances.refuse(finding=row, by=person, at=moment, opinion=words.REFUSALS[0])
            return
        acceptances.accept(
            finding=row,
            by=person,
            at=moment,
            opinion=stage.rng.choice(words.ACCEPTS),
            seen_on=clock.day_of(moment),
            pairs=() if number else _side_by_side(row),
        )
        if course.upto == "one_accept":
            return
    yield (moment := stage.at(back - 2, 16))
    acceptances.close(
        finding=row, by=stage.city.clerks[3], at=moment, reason=stage.rng.choice(words.CLOSINGS)
    )
    if back > 2:
        yield (moment := stage.at(back - 3, 10, 20))
        measures.take(stage, row, moment)


def _side_by_side(row: Finding) -> list[acceptances.Pair]:
    """The first photo of the visit beside the one the unit handed in, where there are both."""
    before = verdicts.befores(row).first()
    report = row.rectifications.order_by("round").last()
    after = verdicts.afters(report).first() if report else None
    return [acceptances.Pair(before, after=after, caption="同一窗口")] if before and after else []


def merged(stage: Stage, first: Observation, second: Observation, back: int) -> Story:
    """Two findings of one unit that turn out to be one."""
    by = stage.city.clerks[0]
    yield (moment := stage.at(back, 9))
    rows = [
        triage.raise_from(observations=[seen], particulars=_particulars([seen], 2), by=by, at=moment)
        for seen in (first, second)
    ]
    yield (moment := stage.at(back, 14))
    shaping.merge(
        into=rows[0],
        others=rows[1:],
        particulars=_particulars([first, second], 3),
        by=by,
        at=moment,
        reason="同一单位同一时段的同类情况，合并办理。",
    )


def set_aside(stage: Stage, seen: Observation, back: int) -> Story:
    """Something seen that is not taken up."""
    yield (moment := stage.at(back, 11))
    observations.set_aside(
        observations=[seen], by=stage.city.clerks[0], at=moment, reason=stage.rng.choice(words.SET_ASIDE)
    )


def _particulars(seen: Sequence[Observation], grade: int) -> Particulars:
    first = seen[0]
    facts = "\n".join(item.facts for item in seen)
    persons = sum(item.persons for item in seen)
    return Particulars(
        title=_title(first.facts),
        facts=facts,
        category=first.indicator,
        department=first.visit.department,
        place=first.place,
        person_post=first.person_post,
        persons=persons,
        names_person=persons > 0,
        grade=grade,
    )


def _title(facts: str) -> str:
    return facts.split("，")[0].split("。")[0][:40] + "等问题" if len(facts) > 46 else facts.rstrip("。")


def _hear(stage: Stage, row: Finding, moment: datetime) -> None:
    text = stage.rng.choice(themes.STATEMENTS[themes.of(row.category.code)])
    if stage.rng.random() < 0.6:
        statements.file(finding=row, text=text, speaker="单位主要负责人", by=_head(stage, row), at=moment)
        return
    statements.enter(
        finding=row,
        means=UnitStatement.Means.PHONE,
        speaker="办公室负责人",
        text=text,
        heard_on=moment.date(),
        by=stage.city.clerks[0],
        at=moment,
    )


def _judge(stage: Stage, row: Finding, course: Course, moment: datetime) -> None:
    by, rng = stage.city.clerks[1], stage.rng
    if course.verdict == "dismiss":
        triage.dismiss(finding=row, by=by, at=moment, reason=rng.choice(words.DISMISSALS))
    elif course.verdict == "partly":
        stands = f"{row.facts}其余情况未予认定。"
        triage.confirm_partly(finding=row, by=by, at=moment, reason=rng.choice(words.PARTLY), facts=stands)
    else:
        triage.confirm(finding=row, by=by, at=moment, reason=rng.choice(words.VERDICTS))


def _issue(stage: Stage, row: Finding, course: Course, moment: datetime) -> Notice:
    asked = stage.rng.choice(themes.REQUIREMENTS[themes.of(row.category.code)])
    demand = notices.Demand(finding=row, route=stage.routes[course.route], requirement=asked)
    return notices.issue(demands=[demand], contact=CONTACT, by=stage.city.clerks[0], at=moment)


def _draft(stage: Stage, row: Finding, liaison: User, moment: datetime) -> Rectification:
    rng = stage.rng
    code = row.category.code
    parts = themes.report_parts(rng=rng, code=code) | {
        name: rng.choice(texts).format(title=row.title) for name, texts in words.REPORT_PARTS.items()
    }
    report = rectifications.draft(
        finding=row,
        texts=rectifications.Texts(**parts),
        outcome=themes.outcome(parts, code=code),
        causes=rng.sample(stage.causes[:12], 2),
        by=liaison,
        at=moment,
    )
    rectifications.attach(
        rectification=report,
        upload=scenes.photo(rng=rng, kind=themes.SCENES.get(themes.of(code), "desk")),
        by=liaison,
        at=moment,
        caption="改正后的情况",
    )
    return report


def _head(stage: Stage, row: Finding) -> User:
    return stage.city.heads[_answering(stage, row)]


def _liaison(stage: Stage, row: Finding) -> User:
    return stage.city.liaisons[_answering(stage, row)]


def _answering(stage: Stage, row: Finding) -> str:
    code = stage.city.answered_by(row.unit.code)
    if not code:
        raise Refused(f"{row.unit}没有主要负责人账号")
    return code
