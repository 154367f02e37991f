"""Take in the official text of the rule lists: all of a file or nothing of it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from conduct import audit
from conduct.errors import Refused
from inspections.models import RuleItem, RuleList
from inspections.queries import rule_files
from inspections.queries.rule_files import RuleFile
from inspections.rules.rule_lists import Article
from people import access
from people.models import User
from people.roles import Permission


@transaction.atomic
def take_in(*, file: RuleFile, by: User | audit.SystemActor, at: datetime) -> list[RuleList]:
    """Put the articles in; a list that has a text gets a new version, so what cited the old one keeps it.

    by:     the system itself when a command takes the file in
    Raises: Forbidden; Refused while a row is wrong
    """
    if isinstance(by, User):
        access.require_everywhere(by, Permission.STANDARDS_EDIT)
    if file.faults:
        raise Refused("文件里还有错误，没有导入任何内容：" + "".join(str(fault) for fault in file.faults[:5]))
    groups: dict[str, list[Article]] = {}
    for article in file.articles:
        groups.setdefault(article.code, []).append(article)
    return [_put(code, articles, by, at) for code, articles in groups.items()]


def _put(code: str, articles: list[Article], by: User | audit.SystemActor, at: datetime) -> RuleList:
    row = _version_to_fill(code, at)
    row.source = next((article.source for article in articles if article.source), row.source)
    row.published_at = at
    row.save()
    RuleItem.objects.bulk_create(
        RuleItem(rule_list=row, number=article.place, text=article.text) for article in articles
    )
    audit.record(
        at=at,
        by=by,
        verb="inspections.import_rules",
        label=f"录入规定原文第{row.version}版",
        subject=row,
        details={"items": len(articles)},
    )
    return row


def _version_to_fill(code: str, at: datetime) -> RuleList:
    newest = rule_files.newest(code)
    if not newest.items.exists():
        return newest
    return RuleList(
        code=code,
        version=newest.version + 1,
        name=newest.name,
        issuer_level=newest.issuer_level,
        source=newest.source,
        published_at=at,
    )
