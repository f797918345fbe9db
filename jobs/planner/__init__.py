"""The planning worker: a tick gathers what is due, plans it (pure) and writes it."""

from jobs.planner.worker import Planner

__all__ = ["Planner"]
