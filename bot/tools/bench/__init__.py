"""What is measured, beside the obvious alternative."""
