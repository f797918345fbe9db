"""What people read: one message a file, one folder a language."""
