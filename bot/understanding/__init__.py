"""Understanding one chat message by rules: hearing → naming and measuring → deciding → details; the cues are data."""
