"""Manners: which answers are for who pressed alone, and which ask for more. Each is called as its template is."""

BRIEF = frozenset(
    {
        "acknowledged",
        "already_confirmed",
        "answered",
        "called",
        "cancelled",
        "chosen",
        "closed",
        "confirmed",
        "decided",
        "discarded",
        "ended",
        "evidence_withdrawn",
        "not_yours",
        "nudged",
        "nothing_to_undo",
        "paper_changed",
        "refused",
        "round_chased",
        "round_opened",
        "sent",
        "signed",
        "stale",
        "undone",
        "withdrawn",
    }
)
"""Answers that only who pressed need hear, where the channel can say it to them alone."""

ASKS = frozenset(
    {
        "ask_ahead",
        "ask_day",
        "ask_another_day",
        "ask_dismiss",
        "ask_doubt",
        "ask_done",
        "ask_drop",
        "ask_evidence",
        "ask_progress",
        "ask_reason",
        "ask_refuse",
        "ask_reopen",
        "ask_return",
        "ask_call",
        "ask_which",
        "ask_which_file",
        "ask_year",
    }
)
"""Answers that want more of who pressed before anything is done."""
