"""What coordinators do in their room."""
