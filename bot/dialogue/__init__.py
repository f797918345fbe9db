"""One turn of a conversation: who speaks, what is meant, what is done and answered."""
