"""From a chat service into the store, once."""
