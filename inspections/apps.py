from __future__ import annotations

from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "inspections"
    verbose_name = "检查"

    def ready(self) -> None:
        from conduct import rollups, verifying
        from people import matters
        from people.queries.audit import register_sealed

        from .models import tally
        from .queries import campaigns, numbers, sealed, searched, visits

        register_sealed(sealed.subjects)
        matters.register("inspections:campaign_move", campaigns.get_for)
        matters.register("inspections:visit_sign", visits.get_for)
        rollups.register(tally.COUNTED)
        verifying.register("inspections.numbers", name="现场记录表编号", check=numbers.check)
        searched.register()
