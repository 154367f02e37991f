"""What people are told: rows in their inbox, written in the business transaction, and brought outside by a job.

Floors declare their kinds and call `tell`. Nothing anybody typed goes into a message, and nothing that is sealed.
"""

from .kinds import Kind, declare
from .telling import about, tell

__all__ = ["Kind", "about", "declare", "tell"]
