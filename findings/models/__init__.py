"""What the office confirmed, and how each unit answered for it."""

from .acceptance import Acceptance
from .finding import Finding, FindingObservation, FindingQuerySet, SetAside
from .notice import Notice, NoticeQuerySet
from .rectification import Rectification, RectificationFile
from .route import Route
from .statement import UnitStatement
from .tally import CategoryDue, CategoryTally, CrossTally, Turnover, UnitDue, UnitTally
from .term import Term

__all__ = [
    "Acceptance",
    "CategoryDue",
    "CategoryTally",
    "CrossTally",
    "Finding",
    "FindingObservation",
    "FindingQuerySet",
    "Notice",
    "NoticeQuerySet",
    "Rectification",
    "RectificationFile",
    "Route",
    "SetAside",
    "Term",
    "Turnover",
    "UnitDue",
    "UnitStatement",
    "UnitTally",
]
