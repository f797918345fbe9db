"""What people meet: channels, inbound messages, the dialogue, commands, the local chat page, the command line."""
