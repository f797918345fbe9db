"""Where in its life a notice is."""

from db.words import DeliveryState

WAITING = (DeliveryState.QUEUED, DeliveryState.RETRYING)
"""States from which delivery claims."""


REVOCABLE = (*WAITING, DeliveryState.NO_ROUTE)
"""States in which a notice can still be withdrawn."""
