"""What is kept of the token of a calendar feed."""

from __future__ import annotations

import hashlib


def digest_of(token: str) -> str:
    """The digest under which a token is found; the token itself is kept nowhere."""
    return hashlib.sha256(token.encode()).hexdigest()
