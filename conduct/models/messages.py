from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q


class Message(models.Model):
    """One thing one person is told, in their inbox; nothing in it was typed by anybody.

    The ground knows no accounts, so the recipient is a number without a foreign key.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recipient = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=40)
    # Told about what, and which step of it: once to each recipient.
    matter_type = models.CharField(max_length=64)
    matter_id = models.CharField(max_length=64, blank=True)
    step = models.CharField(max_length=64)
    words = models.CharField(max_length=200)
    unit = models.CharField(max_length=100, blank=True)
    due_on = models.DateField(null=True, blank=True)
    due_is_estimate = models.BooleanField(default=False)
    # Of a message about many matters, one to a line.
    lines = models.TextField(blank=True)
    path = models.CharField(max_length=300)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    # Whether the recipient's ways outside the inbox were looked up for it.
    is_spread = models.BooleanField(default=False)
    # The day of the digest it goes out in, for who takes news once a day.
    digest_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "matter_type", "matter_id", "step"], name="message_once"
            ),
            models.CheckConstraint(name="message_says_something", condition=~Q(words="")),
            models.CheckConstraint(name="message_leads_somewhere", condition=~Q(path="")),
        ]
        indexes = [
            models.Index(fields=["recipient", "-at", "id"], name="message_newest"),
            models.Index(
                fields=["recipient", "-at", "id"], name="message_unread", condition=Q(read_at__isnull=True)
            ),
            models.Index(fields=["at", "id"], name="message_to_spread", condition=Q(is_spread=False)),
            models.Index(
                fields=["recipient", "digest_on"], name="message_digest", condition=Q(digest_on__isnull=False)
            ),
            models.Index(fields=["matter_type", "matter_id", "at"], name="message_matter"),
        ]

    def __str__(self) -> str:
        return self.words


class Delivery(models.Model):
    """A message, or a day's digest, on its way to one person by one channel; its id is its Message-ID."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recipient = models.PositiveBigIntegerField()
    channel = models.CharField(max_length=10)
    message = models.ForeignKey(
        "conduct.Message", models.CASCADE, null=True, blank=True, related_name="deliveries"
    )
    digest_on = models.DateField(null=True, blank=True)
    # What administrators are told of it; they do not read its words.
    kind = models.CharField(max_length=40)
    created_at = models.DateTimeField()
    ready_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    # The last try ended without an answer, so it may have arrived.
    is_unsure = models.BooleanField(default=False)
    problem = models.CharField(max_length=200, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["message", "channel"], name="delivery_once", condition=Q(message__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["recipient", "channel", "digest_on"],
                name="delivery_digest_once",
                condition=Q(digest_on__isnull=False),
            ),
            models.CheckConstraint(
                name="delivery_is_message_or_digest",
                condition=Q(message__isnull=False, digest_on__isnull=True)
                | Q(message__isnull=True, digest_on__isnull=False),
            ),
            models.CheckConstraint(
                name="delivery_ends_one_way",
                condition=Q(confirmed_at__isnull=True) | Q(given_up_at__isnull=True),
            ),
            models.CheckConstraint(
                name="delivery_given_up_says_why", condition=Q(given_up_at__isnull=True) | ~Q(problem="")
            ),
        ]
        indexes = [
            models.Index(
                fields=["ready_at", "id"],
                name="delivery_open",
                condition=Q(confirmed_at__isnull=True, given_up_at__isnull=True),
            ),
            models.Index(
                F("given_up_at").desc(), "id", name="delivery_dead", condition=Q(given_up_at__isnull=False)
            ),
            models.Index(fields=["recipient", "channel", "-created_at"], name="delivery_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.channel}"


class MessageSettings(models.Model):
    """How one person wants to be told, beside the inbox; a robot's keys are sealed."""

    class Robot(models.TextChoices):
        NONE = "", "不使用"
        WECOM = "wecom", "企业微信群机器人"
        DINGTALK = "dingtalk", "钉钉群机器人"

    person = models.PositiveBigIntegerField(unique=True)
    mail_address = models.EmailField("邮箱地址", blank=True)
    is_mail_on = models.BooleanField(default=False)
    robot = models.CharField(max_length=10, choices=Robot, default=Robot.NONE, blank=True)
    robot_alg = models.CharField(max_length=40, blank=True)
    robot_keys = models.BinaryField(blank=True, default=b"")
    # News once a day instead of at once; what cannot be muted comes at once all the same.
    is_daily = models.BooleanField(default=False)
    # Keys of the kinds that come into the inbox alone.
    muted = models.JSONField(default=list, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="message_mail_has_address", condition=Q(is_mail_on=False) | ~Q(mail_address="")
            )
        ]

    def __str__(self) -> str:
        return "消息接收方式"


class ChannelStanding(models.Model):
    """How a provider fares: since when it fails, and when it is asked again."""

    channel = models.CharField(max_length=10, unique=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=200, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.channel
