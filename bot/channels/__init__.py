"""The chat services: each is one file that knows its service and nothing of tasks."""
