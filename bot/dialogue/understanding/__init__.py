"""Understanding by composition: words of a lexicon → clauses with features → what a clause says → what a message says."""
