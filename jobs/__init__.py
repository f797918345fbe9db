"""What happens when: pure planning, the workers that act on it, the clock's wiring, rehearsal."""
