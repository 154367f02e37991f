"""The rules of the house, read off its text. Each guard is shown to bite on a planted fault."""

from __future__ import annotations

import re

import pytest
from django.apps import apps
from django.db import models

from conduct import jobs
from tests.house.sources import (
    FLOORS,
    PRESENT,
    ROOT,
    Source,
    attributes_named,
    clock_readings,
    forbidden_lookups,
    long_functions,
    names_called,
    sources,
    state_writes,
)

MOST_LINES = 400
MOST_FUNCTION_LINES = 40
# Rooms that stand at the edge and may read the clock; the ground's relay and job runner are edges too.
EDGES = {"views", "tasks", "management", "middleware", "sessions", "context", "demo"}
GROUND_EDGES = {"clock", "jobs", "heartbeat", "watchdog", "relay", "up", "embedded"}
# Who is in post is asked by every request; there is no caller who could pass the day.
ASKS_THE_DAY = {"people/access.py"}


def planted(text: str, *, room: str = "views") -> Source:
    return Source("findings", room, f"findings/{room}.py", text)


def room_of(source: Source) -> set[str]:
    return {source.room}


def test_no_file_is_longer_than_a_person_reads_at_once() -> None:
    assert [s.name for s in sources() if len(s.text.splitlines()) > MOST_LINES] == []


def test_no_function_is_longer_than_one_thought() -> None:
    found = [place for source in sources() for place in long_functions(source, most=MOST_FUNCTION_LINES)]

    assert found == []


def test_a_long_function_is_noticed() -> None:
    text = "def f():\n" + "    x = 1\n" * 41

    assert long_functions(planted(text), most=40) == ["findings/views.py:1 f (41)"]


def test_views_never_touch_a_manager_nor_save() -> None:
    found = [
        place
        for source in sources()
        if source.room == "views"
        for place in attributes_named(source, {"objects", "_base_manager", "_default_manager", "save"})
    ]

    assert found == []


def test_a_view_that_touches_a_manager_is_noticed() -> None:
    assert attributes_named(planted("Finding.objects.all()"), {"objects"}) == ["findings/views.py:1 .objects"]


def test_state_is_written_by_moves_alone() -> None:
    allowed = {"conduct/moves.py", "conduct/jobs.py"}
    # Bulk rows for measuring are born in their state, with their history beside them.
    found = [place for source in sources() if source.name not in allowed for place in state_writes(source)]

    assert found == []


@pytest.mark.parametrize(
    "text",
    ["row.state = 'closed'", "Finding.objects.update(state='closed')", "setattr(row, 'state', 'closed')"],
)
def test_a_state_written_elsewhere_is_noticed(text: str) -> None:
    assert len(state_writes(planted(text))) == 1


def test_only_the_edges_read_the_clock() -> None:
    found = [
        place
        for source in sources()
        if source.room not in EDGES
        and not (source.floor == "conduct" and source.room in GROUND_EDGES)
        and source.name not in ASKS_THE_DAY
        for place in clock_readings(source)
    ]

    assert found == []


@pytest.mark.parametrize("text", ["timezone.now()", "clock.now()", "date.today()", "dt.datetime.now()"])
def test_a_clock_read_in_a_rule_is_noticed(text: str) -> None:
    assert len(clock_readings(planted(text, room="rules"))) == 1


def test_no_lookup_scans_a_table() -> None:
    assert [place for source in sources() for place in forbidden_lookups(source)] == []


def test_a_scanning_lookup_is_noticed() -> None:
    assert len(forbidden_lookups(planted("rows.filter(title__icontains=word)"))) == 1
    assert len(forbidden_lookups(planted("rows.filter(**{'path__startswith': path})"))) == 1
    assert len(forbidden_lookups(planted("rows.filter(**{f'{column}__icontains': word})"))) == 1
    assert len(forbidden_lookups(planted("rows.filter(Q(('title__contains', word)))"))) == 1
    assert len(forbidden_lookups(planted("cursor.execute('SELECT id FROM t WHERE title LIKE %s')"))) == 1
    assert len(forbidden_lookups(planted("cursor.execute(f'... {column} ILIKE %s')"))) == 1


def test_tables_point_down() -> None:
    rank = {floor: number for number, floor in enumerate(["contenttypes", "auth", *FLOORS])}
    upward = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in FLOORS
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and isinstance(field.related_model, type)
        if rank[field.related_model._meta.app_label] > rank[model._meta.app_label]
    ]

    assert upward == []


def test_urls_are_named_downward_or_level_in_code() -> None:
    """Templates and menus may name what is above; code that reverses a name may not."""
    upward = []
    for source in sources():
        for function in ("reverse", "redirect", "reverse_lazy"):
            for line, name in names_called(source, function):
                floor = name.partition(":")[0]
                if floor in FLOORS and FLOORS.index(floor) > FLOORS.index(source.floor):
                    upward.append(f"{source.name}:{line} {name}")

    assert upward == []


def test_every_job_started_by_name_is_declared() -> None:
    started = {name for source in sources() for _, name in names_called(source, "start") if "." in name}

    assert started - set(jobs.JOBS) == set()
    assert started, "no job is started anywhere: this test reads the wrong thing"


def test_models_keep_integrity_in_constraints_not_in_save() -> None:
    found = [
        f"{source.name}:{function.lineno}"
        for source in sources()
        if source.room == "models"
        for function in source.functions()
        if function.name in {"save", "delete", "clean"}
    ]

    assert found == []


def test_no_model_orders_itself() -> None:
    own = [model for model in apps.get_models() if model._meta.app_label in FLOORS]

    assert [model._meta.label for model in own if model._meta.ordering] == []


def test_every_row_that_moves_carries_a_version() -> None:
    moved = [model for model in apps.get_models() if model._meta.app_label in FLOORS and _has(model, "state")]
    without = [model._meta.label for model in moved if not _has(model, "version")]

    assert without == ["conduct.JobRun"]


def test_rooms_without_meaning_do_not_exist() -> None:
    nameless = {"utils", "helpers", "misc", "common", "manager", "process"}

    assert [s.name for s in sources() if set(re.split(r"[/.]", s.name)) & nameless] == []


def test_nothing_is_left_for_later_in_the_code() -> None:
    pattern = re.compile(r"\b(TO" r"DO|FIX" r"ME|HA" r"CK)\b")

    assert [s.name for s in sources() if pattern.search(s.text)] == []


def test_no_folder_of_a_machine_is_named() -> None:
    pattern = re.compile(r"[\"'(\s]/(home|root|work|tmp)/\w")

    assert [s.name for s in sources() if pattern.search(s.text)] == []


def test_the_floors_exist_only_with_content() -> None:
    assert [floor for floor in PRESENT if not any((ROOT / floor).glob("*.py"))] == []


def _has(model: type[models.Model], name: str) -> bool:
    return any(field.name == name for field in model._meta.get_fields())
