"""What the office tells the city: frozen figures, bulletins, and when they are due."""

from .bulletin import Bulletin, BulletinQuerySet
from .met import MetFinding
from .schedule import ReportSchedule

__all__ = ["Bulletin", "BulletinQuerySet", "MetFinding", "ReportSchedule"]
