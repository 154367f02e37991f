from __future__ import annotations

from django.apps import AppConfig


class FindingsConfig(AppConfig):
    name = "findings"
    verbose_name = "问题"

    def ready(self) -> None:
        from conduct import rollups, verifying
        from people import matters
        from people.menu import register_badge

        from .models import tally
        from .queries import detail, recount, searched, waiting

        register_badge("findings:list", waiting.badge_count)
        for step in ("move", "rectification_sign", "accept"):
            matters.register(f"findings:{step}", detail.get_for)
        rollups.register(tally.COUNTED)
        verifying.register("tallies", name="统计表", check=recount.check)
        searched.register()
