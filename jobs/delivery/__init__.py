"""From the outbox to a chat service, and back what it said."""
