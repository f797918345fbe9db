"""Telegram: its channel, what its updates mean, what it answers, how a message looks there."""
