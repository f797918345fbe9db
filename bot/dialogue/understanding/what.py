"""The features of a clause, as what may be told of it: what · whether · how sure · whose · how much."""

from enum import StrEnum


class What(StrEnum):
    """What a clause speaks of."""

    FINISHED = "finished"
    HANDED_IN = "handed in"
    TAKEN = "a step taken"
    UNDER_WAY = "under way"
    TO_DO = "to do"
    STUCK = "stuck"
    FOREIGN = "foreign"
    NIL = "nothing to tell"
    SEEN = "seen"
    IN_CHARGE = "in charge"
    LEAVES = "leaves"
    CRIES = "cries for help"
    FINDS_OUT = "finds out"
    ANSWERS = "answers"
    MORE_TIME = "more time"
    UNDO = "undo"
    SLIPPED = "a slip in the work"
    PROOF_OWED = "a proof owed"
    LIST = "list"
    SHOW = "show"
    HELP = "help"
    VERIFY = "verify"
    RETURN = "return"
    PERMIT = "permit"
    DENY = "deny"
    REST = "rest"
    SHARE = "share"
    CHAT = "chat"
    PRAISE = "praise"
    NOTHING = "nothing"


class Whether(StrEnum):
    """Whether it is so."""

    SO = "so"
    NOT = "not"


class Sure(StrEnum):
    """How it is said."""

    STATED = "stated"
    HEDGED = "hedged"
    PLANNED = "planned"
    MEANT = "meant to be"
    DATED = "planned for a day"
    CONDITIONAL = "conditional"
    WISHED = "wished"
    QUOTED = "quoted"
    BEGGED = "begged"
    ASKED = "asked"


class Whose(StrEnum):
    """Whose doing it is."""

    OWN = "own"
    NAMED = "an office's"
    OTHERS = "others'"


class Extent(StrEnum):
    """How much of the duty it is."""

    WHOLE = "whole"
    BARE = "bare"
    """Nothing says of what: 好了, 妥了, a tick."""
    UNKNOWN = "unknown"
    PART = "part"
    STEP = "step"
