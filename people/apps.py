from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "people"
    verbose_name = "人员与单位"

    def ready(self) -> None:
        from . import matters, menu
        from .queries import jobs, messages, persons, post_changes, recoveries

        matters.register("people:post_end", lambda user, pk: persons.get_post(pk))
        matters.register("people:post_change_decide", lambda user, pk: post_changes.get(pk, to=user))
        matters.register("people:recovery_decide", lambda user, pk: recoveries.get(pk))
        # A system administrator has no desk of business; the menu tells that something was given up.
        menu.register_badge("people:jobs", lambda user: jobs.failed_count())
        menu.register_badge("people:deliveries", lambda user: messages.troubles())
        menu.register_badge("people:post_changes", post_changes.waiting_count)
