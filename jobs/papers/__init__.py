"""Bulletins and summonses: drafted, signed, and what they may claim."""
