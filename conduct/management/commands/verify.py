from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from conduct import clock
from conduct.audit import SystemActor
from conduct.chain import anchoring, proof, verification
from conduct.verifying import Outcome


class Command(BaseCommand):
    help = "核验：审计链、锚点、证据原件、文书编号、后台任务、触发器；有问题时说出第一处，退出码 1。"

    def handle(self, *args: Any, **options: Any) -> None:
        report = verification.verify(by=SystemActor(), now=clock.now, on_outcome=self.tell)
        if not report.is_clean:
            self.stdout.write(f"\n发现问题：{report.first_fault}")
            sys.exit(1)
        self.stdout.write(f"\n{proof.HOLDS if anchoring.newest() else proof.UNANCHORED}")

    def tell(self, outcome: Outcome) -> None:
        """One line a check, as it ends."""
        checked = outcome.checked
        verdict = f"有问题：{checked.fault}" if checked.fault else "无误"
        self.stdout.write(f"{outcome.entry.name}：{checked.looked_at}，{verdict}")
        for note in checked.notes:
            self.stdout.write(f"  {note}")
        self.stdout.flush()
