"""How long to wait before trying again when a service does not say."""

from datetime import timedelta
from hashlib import blake2b

FIRST = 30.0
LONGEST = 3600.0
"""Seconds: the first wait, doubled with every try, and the longest."""


def backoff(tries: int, key: str) -> timedelta:
    """Return the wait after ``tries`` failed tries (from 1): doubling, capped, and spread by up to a quarter by ``key``."""
    wait = min(FIRST * 2 ** min(max(tries, 1) - 1, 12), LONGEST)
    share = int.from_bytes(blake2b(f"{key}:{tries}".encode(), digest_size=4).digest()) / 2**32
    return timedelta(seconds=wait * (0.875 + share / 4))
