"""What helpers that we start (scanners, converters, reading processes) may know of our surroundings: no setting of ours,
no secret, nothing of whoever started us."""

import os

PLAIN = ("PATH", "LANG", "LC_ALL", "HOME", "TMPDIR", "SYSTEMROOT")
"""What any program may need."""

PYTHON = ("PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH")
"""What our own interpreter may need besides."""


def of_a_helper(*names: str, **values: str) -> dict[str, str]:
    """Return the environment of a helper: the plain variables and ``names`` as we have them, and ``values``."""
    return {name: os.environ[name] for name in (*PLAIN, *names) if name in os.environ} | values
