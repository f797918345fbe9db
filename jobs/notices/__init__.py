"""What is said, by kind of notice."""
