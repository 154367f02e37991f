from __future__ import annotations

from django.apps import AppConfig


class FindingsConfig(AppConfig):
    name = "findings"
    verbose_name = "问题"

    def ready(self) -> None:
        from conduct import following, guards, rollups, verifying
        from people import inheriting
        from people.menu import register_badge
        from people.queries.audit import register_sealed

        from .actions import heirs
        from .models import tally
        from .queries import following as followed
        from .queries import inherited, leads, recount, revisits, searched, waiting

        register_badge("findings:list", waiting.badge_count)
        self._tell_what_codes_are_asked_about()
        rollups.register(tally.COUNTED)
        register_sealed(revisits.sealed)
        guards.register("findings_leadentry", ("id",), ("seq",), ("slot",))
        verifying.register("leads", name="问题线索留痕", check=leads.check)
        verifying.register("tallies", name="统计表", check=recount.check)
        following.register(following.Follower("findings.follow_calendar", *followed.WAYS))
        inheriting.register(inheriting.Estate(inherited.waiting, heirs.hand_over))
        searched.register()

    def _tell_what_codes_are_asked_about(self) -> None:
        from people import matters

        from .queries import detail, extensions, ledger_exports, objections, supervisions, transfers

        for step in ("move", "rectification_sign", "accept"):
            matters.register(f"findings:{step}", detail.get_for)
        matters.register("findings:transfer_move", transfers.get_for)
        matters.register("findings:extension", extensions.get_for)
        matters.register("findings:objection", objections.get_for)
        matters.register("findings:export_xlsx", ledger_exports.get_for)
        matters.register("findings:supervision_move", supervisions.get_for)
