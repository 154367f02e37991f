"""Tables of the ground: nothing here knows what an inspection is."""

from .audit import AuditEntry
from .calendar import CalendarChange, CalendarDay, CalendarYear
from .chain import AnchorDelivery, AuditAnchor, AuditSeal, ReadEntry, VerifyReport
from .files import StoredFile
from .jobs import WAITING_SINCE, JobRun
from .messages import ChannelStanding, Delivery, Message, MessageSettings
from .office import Office
from .papers import IssuedPaper, NumberSeries
from .search import SearchPending, SearchText

__all__ = [
    "WAITING_SINCE",
    "AnchorDelivery",
    "AuditAnchor",
    "AuditEntry",
    "AuditSeal",
    "CalendarChange",
    "CalendarDay",
    "CalendarYear",
    "ChannelStanding",
    "Delivery",
    "IssuedPaper",
    "JobRun",
    "Message",
    "MessageSettings",
    "NumberSeries",
    "Office",
    "ReadEntry",
    "SearchPending",
    "SearchText",
    "StoredFile",
    "VerifyReport",
]
