"""What the office tells the city: frozen figures, bulletins, and when they are due."""

from .bulletin import Bulletin, BulletinQuerySet
from .case_file import CaseFile, CaseFileQuerySet
from .correction import Correction, CorrectionQuerySet
from .feed import FeedToken
from .met import MetFinding
from .schedule import ReportSchedule

__all__ = [
    "Bulletin",
    "BulletinQuerySet",
    "CaseFile",
    "CaseFileQuerySet",
    "Correction",
    "CorrectionQuerySet",
    "FeedToken",
    "MetFinding",
    "ReportSchedule",
]
