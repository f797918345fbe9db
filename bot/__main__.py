"""``duban`` and ``python -m bot``."""

import sys

from bot.cli.shell import run


def main() -> None:
    """Run the command line; every failure is one line, never a traceback."""
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
