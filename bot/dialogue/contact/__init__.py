"""What contacts do."""
