"""Write docs/messages.md: ``python -m tests.messages``."""

from tests.messages.written import DOCUMENT, written

DOCUMENT.write_text(written(), encoding="utf-8")
