"""docs/messages.md tells what people read, and is what the templates say."""

import re

from db.words import NoticeKind
from tests.messages.replies import REPLIES
from tests.messages.sample import NOTICES
from tests.messages.written import DOCUMENT, TEMPLATES, written


def test_the_file_of_all_messages_says_what_the_templates_say() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == written(), "run: python -m tests.messages"


def test_every_kind_and_every_answer_has_its_sample() -> None:
    assert {sample.kind for sample in NOTICES} == set(NoticeKind)
    assert set(REPLIES) == {path.stem for path in (TEMPLATES / "reply").glob("*.j2")}


SHELL = re.compile(r"\bduban\b|(?<![\w-])--?[a-z]|\b(?:pip|python|docker|systemctl|sudo|make|bash)\b|DUBAN_")


def test_no_message_has_a_word_of_a_command_line() -> None:
    told = written().split("## 通知", 1)[1]
    blocks = "\n".join(re.findall(r"```text\n(.*?)```", told, re.DOTALL))
    assert SHELL.findall(blocks) == []
