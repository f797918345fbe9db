"""The running service: `duban run`."""
