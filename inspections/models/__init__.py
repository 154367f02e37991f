"""Standards to inspect by, campaigns and teams, and what was seen on each visit."""

from .campaigns import Campaign, CampaignQuerySet, CampaignUnit, Team, TeamMember
from .methods import Method
from .observations import CorrectionNote, Evidence, HeldPhoto, Observation
from .standards import Cause, Crosswalk, ProblemCategory, RuleItem, RuleList, Taxonomy
from .tally import VisitTally
from .visits import Visit, VisitQuerySet, VisitSignature

__all__ = [
    "Campaign",
    "CampaignQuerySet",
    "CampaignUnit",
    "Cause",
    "CorrectionNote",
    "Crosswalk",
    "Evidence",
    "HeldPhoto",
    "Method",
    "Observation",
    "ProblemCategory",
    "RuleItem",
    "RuleList",
    "Taxonomy",
    "Team",
    "TeamMember",
    "Visit",
    "VisitQuerySet",
    "VisitSignature",
    "VisitTally",
]
