from __future__ import annotations

from django.db import models


class Method(models.TextChoices):
    """How a visit is made; a campaign is open or covert."""

    OPEN = "open", "明察"
    COVERT = "covert", "暗访"
    WINDOW = "window", "进窗口"
    MYSTERY = "mystery", "体验办事"
    PHONE = "phone", "电话抽查"
    FORUM = "forum", "开座谈"
    GRASSROOTS = "grassroots", "下基层"
    REVISIT = "revisit", "回头看"
