"""The head of a unit objects and asks for more time; somebody without a part in it answers."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse

from conduct import clock
from conduct.calendar import seed
from tests.browser.conftest import Enter, Look
from tests.factories.cast import Cast
from tests.factories.findings import Line, upload


def test_a_unit_is_heard_and_its_clock_waits(cast: Cast, enter: Enter, look: Look) -> None:
    at = clock.now() - timedelta(minutes=5)
    seed.ship(at=at)
    finding = Line(cast, at=at).received()
    head = enter(cast.east_head)
    head.goto(reverse("findings:detail", args=[finding.pk]))

    head.get_by_role("link", name="提出异议").click()
    head.get_by_label("异议理由").fill("当日窗口人员外出办理上门服务，有派工单为证。")
    kept = upload("派工单.jpg")
    head.set_input_files(
        "#files-files", {"name": "派工单.jpg", "mimeType": "image/jpeg", "buffer": kept.read()}
    )
    look(head, "40-object")
    head.get_by_role("button", name="提交异议").click()
    head.get_by_text("整改期限暂停计时").first.wait_for()
    look(head, "41-paused")

    clerk = enter(cast.third_clerk)
    clerk.goto(reverse("findings:detail", args=[finding.pk]))
    clerk.get_by_role("link", name="等待答复").click()
    clerk.get_by_label("答复理由").fill("派工单经核对与外出时间不符，不予采信。")
    look(clerk, "42-answer")
    clerk.get_by_role("button", name="异议不成立").click()
    clerk.get_by_text("已答复：异议不成立").wait_for()

    head.goto(reverse("findings:extension_ask", args=[finding.pk]))
    head.get_by_label("延期理由").fill("大厅改造工程尚在验收，月底可以完成。")
    look(head, "43-more-time")
    head.get_by_role("button", name="提交延期申请").click()
    head.get_by_role("link", name="怎么算的").click()
    head.get_by_role("heading", name="期限怎么算的").wait_for()
    look(head, "44-counted")
