"""How a process of ours looks for memory that nothing uses any more."""

import gc

SELDOM = 30_000
"""Things that are made before those among them are looked for that point at each other and at nothing else: reading rows makes
many and leaves few, and looking after every 700 (as Python does) takes a sixth of the processor."""


def settle_down() -> None:
    """Call it when the program itself is loaded: what it is made of stays to its end and need not be looked through, and for
    what it makes from now on it is enough to look seldom.
    """
    gc.freeze()
    gc.set_threshold(SELDOM)
