"""Whether the broker still knows what it was told. The rows are the truth: what it forgot is sent again at once.

Without this a Redis that came back empty would leave what had been sent lying until each of its leases has lapsed.
"""

from __future__ import annotations

from functools import cache

import redis
from django.conf import settings

# Stands in the broker as long as it remembers; whoever finds it gone puts it back and lets everything be sent again.
MARK = "relay:remembers"
PATIENCE_SECONDS = 2


def has_forgotten() -> bool:
    """Whether the broker began anew since somebody last asked; told once. Away or in this process, it has not."""
    if not settings.REDIS_URL:
        return False
    try:
        return bool(_client(settings.REDIS_URL).set(MARK, "1", nx=True))
    except redis.RedisError:
        return False


@cache
def _client(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_timeout=PATIENCE_SECONDS, socket_connect_timeout=PATIENCE_SECONDS)
