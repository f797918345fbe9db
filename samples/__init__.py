"""Sample documents that ship with duban."""
