"""What the office confirmed, and how each unit answered for it."""

from .acceptance import Acceptance, PhotoPair
from .co_unit import CoUnit, CoUnitFile, CoUnitQuerySet
from .extension import Extension
from .finding import Finding, FindingObservation, FindingQuerySet, SetAside
from .lead import LeadEntry, LeadMark
from .ledger import LedgerEntry, LedgerExport, LedgerView
from .notice import Notice, NoticeQuerySet
from .objection import Objection, ObjectionFile
from .plan import PlanItem, Progress, RectificationPlan
from .rectification import PersonsDealt, Rectification, RectificationFile, RuleBuilt
from .revisit import Revisit, RevisitQuerySet
from .route import Route
from .statement import UnitStatement
from .supervision import Supervision, SupervisionQuerySet
from .tally import CategoryDue, CategoryTally, CrossTally, Turnover, UnitDue, UnitTally
from .term import Counted, SideTerm, Term
from .transfer import TransferRequest, TransferRequestQuerySet

__all__ = [
    "Acceptance",
    "CategoryDue",
    "CategoryTally",
    "CoUnit",
    "CoUnitFile",
    "CoUnitQuerySet",
    "Counted",
    "CrossTally",
    "Extension",
    "Finding",
    "FindingObservation",
    "FindingQuerySet",
    "LeadEntry",
    "LeadMark",
    "LedgerEntry",
    "LedgerExport",
    "LedgerView",
    "Notice",
    "NoticeQuerySet",
    "Objection",
    "ObjectionFile",
    "PersonsDealt",
    "PhotoPair",
    "PlanItem",
    "Progress",
    "Rectification",
    "RectificationFile",
    "RectificationPlan",
    "Revisit",
    "RevisitQuerySet",
    "Route",
    "RuleBuilt",
    "SetAside",
    "SideTerm",
    "Supervision",
    "SupervisionQuerySet",
    "Term",
    "TransferRequest",
    "TransferRequestQuerySet",
    "Turnover",
    "UnitDue",
    "UnitStatement",
    "UnitTally",
]
