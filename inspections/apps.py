from __future__ import annotations

from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "inspections"
    verbose_name = "检查"

    def ready(self) -> None:
        from people.queries.audit import register_sealed

        from .queries import sealed, searched

        register_sealed(sealed.subjects)
        searched.register()
