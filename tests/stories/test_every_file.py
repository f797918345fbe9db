"""Whatever comes in as a file ends as kept once, as passed on with what was said, or as told; who verifies gets it once."""

import itertools
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from bot.channels.incoming import File, Incoming
from db.bodies import ReplyBody
from db.models import Assignment, Evidence, Inbound, Notice, NoticeItem
from db.words import DeliveryState, NoticeKind, State
from tests.harness.story import ECONOMY, ROOM, Story, task

CAPTIONS = st.sampled_from([
    "", "A-1", "A-2", "2", "A-1 已办结", "A-2 完成七成，见附件", "见附件", "收到", "这样填对吗？", "A-1 延期到7月31日，因停产",
    "因资金未到位，说明见附件", "7月20日", "帮助", "A-9", "A-1、A-2 已办结",
])  # fmt: skip
WORDS = st.sampled_from([
    "A-1 已办结", "A-2 收到", "A-1 延期到7月31日", "因企业停产", "提交", "撤回", "A-2 延期到8月15日，因停产",
])  # fmt: skip
ORDERS = st.sampled_from([
    "核查 1", "退回 1 缺签字页", "退回 1", "同意 2", "重开 1 有误", "免办 2", "撤销 1", "暂缓 2", "群发 全部 报值班表", "状态",
])  # fmt: skip
FILE = st.tuples(st.just("file"), CAPTIONS, st.booleans(), st.booleans())
STEPS = st.one_of(
    FILE, FILE, st.tuples(st.just("words"), WORDS), st.tuples(st.just("order"), ORDERS),
    st.tuples(st.just("room file"), st.sampled_from(["", "状态", "退回 1 样式见附件", "见附件"]), st.booleans()),
    st.tuples(st.just("files and one choice"), st.sampled_from(["A-1", "A-2"]), st.booleans()),
    st.tuples(st.just("press"), st.sampled_from(["报进展", "申请延期", "报办结", "提交申请", "撤回", "A-1", "A-2", "确认发出"])),
)  # fmt: skip


TOLD = {"not_kept", "ask_which", "refused", "imported"}
"""Answers that say what became of a file that is not kept."""


class Play:
    """A unit and its coordinator, who do anything in any order; each file has a content of its own."""

    def __init__(self, folder: Any) -> None:
        self.story = Story(folder)
        self.story.begins("2022-06-06 09:00", task(1, "2022-06-30"), task(2, "2022-07-31"))
        self.numbers = itertools.count(1)
        self.files: dict[int, int] = {}

    def says(self, chat: str, who: str, text: str, reply: str | None, file: bool, album: str | None = None) -> None:
        number = next(self.numbers)
        files = (File(f"文件{number}.pdf", f"content {number}".encode()),) if file else ()
        incoming = Incoming(
            "console", f"n{number}", chat, chat, who, who, text, reply_to=reply, message_id=f"n{number}", files=files,
            private=False, album=album, addressed=True,
        )  # fmt: skip
        outcome = self.story.takes(incoming)
        assert "fault" not in outcome, (text, outcome)

    def latest(self, chat: str) -> tuple[Any, str] | None:
        """Return the last message of a chat with its id."""
        told = [one for one in self.story.cast.unheard if one[0].chat == chat]
        return told[-1] if told else None

    def does(self, step: tuple[Any, ...]) -> None:
        what, *how = step
        if what in ("file", "words"):
            latest = self.latest(ECONOMY) if what == "file" and how[1] else None
            album = "g" if what == "file" and how[2] else None
            self.says(ECONOMY, "张工", how[0], latest[1] if latest else None, what == "file", album)
        elif what in ("order", "room file"):
            latest = self.latest(ROOM) if what == "room file" and how[1] else None
            self.says(ROOM, "协调员", how[0], latest[1] if latest else None, what == "room file")
        elif what == "files and one choice":
            self.chooses_for_two_files(*how)
        else:
            self.presses(how[0])

    def chooses_for_two_files(self, code: str, first: bool) -> None:
        """Two files come without a word; where it is asked of both what they are for, one choice places both."""
        for _file in range(2):
            self.says(ECONOMY, "张工", "", None, file=True)
        files = self.waiting_files()[-2:]
        question = (
            next((one for one in self.choices(code) if one[0] == files[0 if first else -1]), None) if files else None
        )
        if question is None:
            return
        number, data, message_id = question
        self.story.takes(
            Incoming("console", f"n{next(self.numbers)}", ECONOMY, ECONOMY, "张工", "张工", "", data, None, message_id)
        )
        line = self.story.line(int(code[-1]))
        if line.assignment.state not in (State.CANCELLED, State.WAIVED):
            assert number not in self.waiting_files()
            assert not set(files) & set(self.waiting_files()), "a choice left a file behind that waited for one"

    def waiting_files(self) -> list[int]:
        """Return the numbers of the messages that came without a word and of whose file it is not known what it is for."""
        with self.story.store.read() as session:
            return [
                one.id
                for one in session.exec(select(Inbound).where(Inbound.outcome == "ask_which").order_by(col(Inbound.id)))
                if one.words.get("files_kept") and not one.words["text"] and not one.words.get("evidence_for")
            ]

    def choices(self, code: str) -> list[tuple[int, str, str]]:
        """Return what may be pressed to say that a message is about a task: the message's number, the button, its message."""
        return [
            (int(data.split(":")[1]), data, message_id)
            for message, message_id in self.story.cast.unheard
            for shown, data in message.buttons
            if data.startswith("c:") and shown.strip("〔〕").startswith(code)
        ]

    def presses(self, label: str) -> None:
        for message, message_id in reversed(self.story.cast.unheard):
            for shown, data in message.buttons:
                if shown.strip("〔〕").startswith(label):
                    who = "协调员" if message.chat == ROOM else "张工"
                    number = next(self.numbers)
                    outcome = self.story.takes(
                        Incoming(
                            "console", f"n{number}", message.chat, message.chat, who, who, "", data, None, message_id
                        )
                    )
                    assert "fault" not in outcome, (label, outcome)
                    return

    def ends(self) -> None:
        self.story.until("2022-06-06 17:30")
        with self.story.store.read() as session:
            inbounds = [one for one in session.exec(select(Inbound)) if one.words.get("files_kept")]
            kept = [one.sha256 for one in session.exec(select(Evidence))]
            notices = list(session.exec(select(Notice)))
            carried = [file.sha256 for one in notices for file in one.body.files
                       if one.state is not DeliveryState.WITHDRAWN]  # fmt: skip
            asked = {one.body.which for one in notices
                     if one.state is DeliveryState.SENT and isinstance(one.body, ReplyBody) and one.body.which is not None}  # fmt: skip
            for inbound in inbounds:
                (file,) = inbound.words["files_kept"]
                told = TOLD & set((inbound.outcome or "").split(",")) or inbound.id in asked
                waits = inbound.album is not None and bool(asked)
                assert file["sha256"] in kept or file["sha256"] in carried or told or waits, (
                    inbound.words,
                    inbound.outcome,
                )
            twice = [(one.assignment_id, one.sha256) for one in session.exec(select(Evidence))]
            assert len(twice) == len(set(twice))
            self.verifier_got_each_once(session)

    @staticmethod
    def verifier_got_each_once(session: Any) -> None:
        brought: dict[tuple[int, str], int] = {}
        query = select(Notice, NoticeItem.assignment_id).join(NoticeItem, col(NoticeItem.notice_id) == Notice.id)
        for notice, assignment in session.exec(query.where(col(Notice.kind).in_(
                [NoticeKind.VERIFY_REQUEST, NoticeKind.EVIDENCE]), Notice.state == DeliveryState.SENT)):  # fmt: skip
            for file in notice.body.files:
                key = assignment, file.sha256
                brought[key] = brought.get(key, 0) + 1
        assert all(count == 1 for count in brought.values()), brought
        for one in session.exec(select(Evidence)):
            assignment = session.get_one(Assignment, one.assignment_id)
            if assignment.state in (State.REPORTED, State.CLOSED) or assignment.decision_pending:
                assert brought.get((one.assignment_id, one.sha256)) == 1, (assignment.state, one.name)


@settings(max_examples=6, suppress_health_check=list(HealthCheck))
@given(st.lists(STEPS, min_size=3, max_size=9))
def test_every_file_is_kept_or_told_and_brought_once(tmp_path_factory: Any, steps: list[tuple[Any, ...]]) -> None:
    play = Play(tmp_path_factory.mktemp("files"))
    for step in steps:
        play.does(step)
    play.ends()
