"""What the office confirmed, and how each unit answered for it."""

from .acceptance import Acceptance
from .finding import Finding, FindingObservation, FindingQuerySet, SetAside
from .notice import Notice, NoticeQuerySet
from .rectification import Rectification, RectificationFile
from .route import Route
from .statement import UnitStatement

__all__ = [
    "Acceptance",
    "Finding",
    "FindingObservation",
    "FindingQuerySet",
    "Notice",
    "NoticeQuerySet",
    "Rectification",
    "RectificationFile",
    "Route",
    "SetAside",
    "UnitStatement",
]
