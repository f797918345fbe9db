"""Where in its life a notice is."""

from db.words import DeliveryState

STALE = "stale"
"""The key under which a notice's body keeps the parts that changed while they were on their way."""


WAITING = (DeliveryState.QUEUED, DeliveryState.RETRYING)
"""States from which delivery claims."""


REVOCABLE = (*WAITING, DeliveryState.NO_ROUTE)
"""States in which a notice can still be withdrawn."""
