from __future__ import annotations

from django.conf import settings
from django.db import models


class Sitting(models.Model):
    """One sign-in of one person in one browser, or a browser on its way in. The cookie's value is kept as a digest.

    A row that has ended stays for a day: a form posted after the end still names its author by it.
    """

    class End(models.TextChoices):
        LEFT = "left", "本人退出"
        IDLE = "idle", "长时间未操作"
        LONG = "long", "登录时间过长"
        PASSWORD = "password", "密码已更换"
        POSTS = "posts", "岗位有变动"
        CLOSED = "closed", "账号已停用"
        FACTOR = "factor", "动态口令已解绑"

    session_key = models.CharField(primary_key=True, max_length=64)
    session_data = models.TextField()
    expire_date = models.DateTimeField(db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="sittings"
    )
    address = models.CharField(max_length=45, blank=True)
    device = models.CharField(max_length=60, blank=True)
    # Digest of the secret that every form of this sitting carries: it tells whose page a late form came from.
    form_key = models.CharField(max_length=64, blank=True, db_index=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=10, choices=End, blank=True)

    def __str__(self) -> str:
        return f"{self.user or '未登录'} {self.device}"


class KnownBrowser(models.Model):
    """A browser in which the person has signed in before: there they may enter while strangers' tries are shut out."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="browsers")
    token = models.CharField(max_length=64)
    since = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "token"], name="known_browser_once")]

    def __str__(self) -> str:
        return f"{self.user} {self.since:%Y-%m-%d}"


class Throttle(models.Model):
    """Tries to get in that did not come in, counted by a key that names nobody, and until when no more are heard."""

    key = models.CharField(primary_key=True, max_length=64)
    tries = models.PositiveIntegerField(default=0)
    since = models.DateTimeField()
    shut_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return "登录次数"
