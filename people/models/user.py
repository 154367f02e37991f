from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> User:
        """A person with an account; `name` is what papers and timelines print."""
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person with an account. What they may do comes from their posts alone."""

    username = models.CharField("账号", max_length=40, unique=True)
    name = models.CharField("姓名", max_length=40)
    initials = models.CharField(max_length=40, blank=True)
    pinyin = models.CharField(max_length=200, blank=True)
    credential_no = models.CharField("检查证号", max_length=30, blank=True)
    phone = models.CharField("电话", max_length=30, blank=True)
    home_unit = models.ForeignKey("people.Unit", models.PROTECT, null=True, blank=True, related_name="staff")
    # The direct superior: who answers to whom decides who may accept whose work (DESIGN §2.15).
    superior = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="subordinates")
    is_active = models.BooleanField("启用", default=True)
    must_change_password = models.BooleanField(default=False)
    password_changed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    # How the person has set up pages of the floors above, by page: it comes with the person and costs no question.
    pages = models.JSONField(default=dict, blank=True)

    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    def __str__(self) -> str:
        return self.name
