"""The command line: ``duban`` with one module a group of commands."""
