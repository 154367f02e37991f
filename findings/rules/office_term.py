"""By when the office itself is to take its next step. Source: DOMAIN §4.3, the office's own terms (†).

Nothing runs out when they do: they sort the desk and show what has lain too long.
"""

from __future__ import annotations

from datetime import date

from conduct.calendar.rules import Due, WorkCalendar, after_working_days

TRIAGE_WORKING_DAYS = 2
VERIFY_WORKING_DAYS = 5
ISSUE_WORKING_DAYS = 1
REVIEW_WORKING_DAYS = 3
ACCEPT_WORKING_DAYS = 5
# From the day on which the matter came to the desk: steps that follow each other add up.
FROM_RAISED = {"new": TRIAGE_WORKING_DAYS, "verifying": TRIAGE_WORKING_DAYS + VERIFY_WORKING_DAYS}
FROM_VERDICT = {"confirmed": ISSUE_WORKING_DAYS, "partly": ISSUE_WORKING_DAYS}
FROM_REPORT = {
    "submitted": REVIEW_WORKING_DAYS,
    "awaiting_acceptance": REVIEW_WORKING_DAYS + ACCEPT_WORKING_DAYS,
}


def office_due(
    *, state: str, raised_on: date, judged_on: date | None, handed_in_on: date | None, book: WorkCalendar
) -> Due | None:
    """The office's own last day for the step a finding in this state waits for; None where none is due of it."""
    for start, terms in ((raised_on, FROM_RAISED), (judged_on, FROM_VERDICT), (handed_in_on, FROM_REPORT)):
        if state in terms:
            if start is None:
                return None
            return after_working_days(start=start, working_days=terms[state], book=book)
    return None
