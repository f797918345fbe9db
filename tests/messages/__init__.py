"""The texts of all messages in one file that a person can read through: ``python -m tests.messages`` writes docs/messages.md."""
