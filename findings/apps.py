from __future__ import annotations

from django.apps import AppConfig


class FindingsConfig(AppConfig):
    name = "findings"
    verbose_name = "问题"

    def ready(self) -> None:
        from people.menu import register_badge

        from .queries import searched, waiting

        register_badge("findings:list", waiting.badge_count)
        searched.register()
