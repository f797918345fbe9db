"""Pure planning: what is to be told of one assignment, when, and why not.

Nothing here reads a clock, opens a session, awaits or logs. It knows the standard library and the vocabulary of
``db``, and is handed a ``Workdays`` value.
"""
