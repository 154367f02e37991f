"""What competent bodies decided about persons and units, and the catalogue of what they can decide."""

from .catalogue import Catalogue, MeasureKind
from .measure import Measure, MeasureQuerySet

__all__ = ["Catalogue", "Measure", "MeasureKind", "MeasureQuerySet"]
