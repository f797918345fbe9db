"""A channel that no program has: what a new one takes, for those who add the next."""
