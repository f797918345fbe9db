"""值班: who is on duty for the office and for units, by word; urgent calls reach them, and a gap is told the day before."""
