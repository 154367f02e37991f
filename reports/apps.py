from __future__ import annotations

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "通报与统计"

    def ready(self) -> None:
        from people import matters

        from .queries import bulletins, case_files, corrections, searched

        matters.register("reports:bulletin_move", bulletins.get_for)
        matters.register("reports:correction_move", corrections.get_for)
        matters.register("reports:case_files", case_files.require_seen)
        searched.register()
