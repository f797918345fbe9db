"""What several people do at the same moment, on both databases."""
