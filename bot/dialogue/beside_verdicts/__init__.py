"""Words beside a verdict, and whether they leave it open. ``doubt`` is the door: it tells the clause of which whoever wrote it is asked.

What gives a reason, as 退回 does, may have any words beside it but those that are known to be ``unsettling``; what gives none, as 核查,
only those that are known to be ``settling``.
"""
