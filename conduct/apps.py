from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


def _guard_audit(using: str, **_: Any) -> None:
    from django.db import connections

    from . import guards

    guards.install_guards(connections[using])


def _lift_rollups(using: str, plan: Any, **_: Any) -> None:
    from django.db import connections

    from . import rollups

    if plan and connections[using].vendor == "sqlite":
        rollups.lift_all(connections[using])


def _settle_rollups(using: str, **_: Any) -> None:
    from django.db import connections

    from . import rollups

    rollups.settle(connections[using])


class ConductConfig(AppConfig):
    name = "conduct"
    verbose_name = "基础"

    def ready(self) -> None:
        # SQLite drops triggers when it rebuilds a table, so every migrate ends by setting them again.
        post_migrate.connect(_guard_audit, sender=self, dispatch_uid="conduct.guard_audit")
        pre_migrate.connect(_lift_rollups, sender=self, dispatch_uid="conduct.lift_rollups")
        post_migrate.connect(_settle_rollups, sender=self, dispatch_uid="conduct.settle_rollups")
        # Celery's autodiscovery is lazy and only a worker triggers it; the web starts jobs by name and needs the names.
        from .chain import checks
        from .jobs import load_jobs

        load_jobs()
        checks.register()
