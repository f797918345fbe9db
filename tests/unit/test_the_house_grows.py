"""What a new kind and a new channel take: the one is made in a copy of the house, the other is the postbox."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from db.surroundings import of_a_helper
from tests.unit.test_house import HOUSE, imports, modules, own

# ---------------------------------------------------------------- a kind

WORD = ("db/words.py", '    REPLY = "reply", "回复"\n', '    THANKS = "thanks", "致谢"\n')
ROW = (
    "db/kinds.py",
    "    NoticeKind.MISSED: Kind(Family.TALK, MissedBody),\n",
    "    NoticeKind.THANKS: Kind(Family.TALK, RelayBody, silent=True),\n",
)
TEMPLATE = ("templates/zh/thanks.j2", "【致谢】{{ body.unit }}：材料收悉，谢谢支持。\n")

SENDS_ONE = """
import asyncio
from datetime import UTC, datetime
from bot.channels.console import ConsoleChannel
from db import outbox, register
from db.bodies import RelayBody
from db.kinds import KINDS
from db.session import Store
from db.words import NoticeKind, Reason
from jobs.delivery.deliverer import Deliverer, at_once
from jobs.desk import Desk

now = datetime(2022, 6, 1, 2, 0, tzinfo=UTC)
store = Store("sqlite://")
store.create_all()
with store.write() as session:
    chat = register.ensure_chat(session, "console", "g", "群")
    outbox.enqueue(session, now=now, kind=NoticeKind("thanks"), reason=Reason.ASKED, chat_id=chat.id, body=RelayBody(unit="省经信厅"))
channel = ConsoleChannel(lambda outgoing: print(outgoing.text, outgoing.silent))
asyncio.run(Deliverer(store, {"console": channel}, Desk(), "w", at_once).step(lambda: now))
assert set(KINDS) == set(NoticeKind)
"""


def test_a_new_kind_takes_its_word_its_row_and_its_template(tmp_path: Path) -> None:
    for folder in ("db", "jobs", "bot", "templates"):
        shutil.copytree(HOUSE / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for path, after, line in (WORD, ROW):
        text = (tmp_path / path).read_text(encoding="utf-8")
        assert text.count(after) == 1
        (tmp_path / path).write_text(text.replace(after, after + line), encoding="utf-8")
    name, words = TEMPLATE
    (tmp_path / name).write_text(words, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", SENDS_ONE], cwd=tmp_path, env=of_a_helper(PYTHONPATH=str(tmp_path)),
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.stdout, done.returncode) == ("【致谢】省经信厅：材料收悉，谢谢支持。 True\n", 0), done.stderr


# ---------------------------------------------------------------- a channel


def test_a_new_channel_takes_its_folder_and_a_line() -> None:
    """The contract kit plays the postbox like every other channel: nothing else in the house has heard of it."""
    folder = HOUSE / "tests/harness/postbox"
    speaks_of_it = [
        f"{path.relative_to(HOUSE)}: {line.strip()}"
        for room in ("db", "jobs", "bot", "tests") for path in (HOUSE / room).rglob("*.py")
        if folder not in path.parents and path != Path(__file__)
        for line in path.read_text(encoding="utf-8").splitlines() if "postbox" in line.lower()
    ]  # fmt: skip
    assert speaks_of_it == [
        "tests/harness/kits.py: from tests.harness.postbox.kit import OnPostbox",
        'tests/harness/kits.py: "postbox": OnPostbox,',
    ]
    assert imports(folder / "channel.py") & own() == {"jobs.ports"}


def test_every_channel_has_its_line_where_the_house_is_put_together_and_passes_the_contract() -> None:
    wiring = (HOUSE / "bot/wiring.py").read_text(encoding="utf-8")
    kits = (HOUSE / "tests/harness/kits.py").read_text(encoding="utf-8")
    named = {name for path in modules("bot/channels")
             for name in re.findall(r"^class (\w+):.*?^    async def send\(", path.read_text(encoding="utf-8"), re.M | re.S)}  # fmt: skip
    assert len(named) >= 5
    assert [
        name for name in named if re.search(rf"import .*\b{name}\b", wiring) is None or f" {name}(" not in kits
    ] == []
