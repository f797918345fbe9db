"""Access as a table: who, from where, may have what. A refusal is one line and tells nothing of the content."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from sqlmodel import Session

from bot import access
from bot.access import Denied, Visitor
from bot.message import Incoming
from db import outbox, register
from db.models import Broadcast, BroadcastUnit, Inbound, Paper, Question
from db.words import LIVING, NoticeKind, Rank, Reason
from tests.harness.story import ECONOMY, EMERGENCY, LEADERS, ROOM, Story, at, task

OFFICE = "省安委办"
SECRET = "机密内容"
POLICY = f'[people]\noffice = "{OFFICE}"\n'

VISITORS = {
    "a member of the group": ("张工", ECONOMY, False),
    "a named contact in private": ("周联络", "周联络", True),
    "a coordinator in the room": ("王协调", ROOM, False),
    "a coordinator in private": ("王协调", "王协调", True),
    "a coordinator in a unit's group": ("王协调", ECONOMY, False),
    "a leader in the leaders' room": ("李厅长", LEADERS, False),
    "a leader in private": ("李厅长", "李厅长", True),
    "a leader in a unit's group": ("李厅长", ECONOMY, False),
    "a unit's own leader in private": ("赵处", "赵处", True),
    "a unit's own leader in the leaders' room": ("赵处", LEADERS, False),
    "a dismissed coordinator in the room": ("孙前任", ROOM, False),
    "a stranger in the room": ("路人", ROOM, False),
    "somebody with a signer's name in the room": ("钱签发", ROOM, False),
}


@dataclass
class Scene:
    """One store with one object of each kind."""

    session: Session
    story: Story
    own: int
    others: int
    office: int
    notice: int
    question: int
    paper: int
    broadcast: int
    chat: int
    inbound: int

    def visitor(self, who: str) -> Visitor:
        """Greet somebody of the table."""
        name, chat, private = VISITORS[who]
        greeted = access.greet(
            self.session, Incoming("console", "x", chat, chat, name, name, "…", private=private, message_id="x")
        )
        assert greeted is not None
        return greeted


@pytest.fixture
def scene(story: Story) -> Iterator[Scene]:
    story.begins("2022-06-01 08:00", task(1, "2022-12-31", text=SECRET),
                 task(2, "2022-12-31", lead=(EMERGENCY,), text=SECRET), task(3, "2022-12-31", lead=(OFFICE,)),
                 policy=POLICY)  # fmt: skip
    own, others, office = (story.line(number, unit).assignment.id or 0
                           for number, unit in ((1, ECONOMY), (2, EMERGENCY), (3, OFFICE)))  # fmt: skip
    now = at("2022-06-01 09:00")
    story.appoints("王协调", Rank.COORDINATOR)
    story.appoints("李厅长", Rank.LEADER)
    story.appoints("孙前任", Rank.COORDINATOR)
    with story.store.write() as session:
        unit = register.get_unit(session, ECONOMY)
        for name, rank in (("周联络", Rank.CONTACT), ("赵处", Rank.LEADER)):
            register.appoint(session, register.person_of(session, "console", name, name), rank, unit, now)
        person = register.person_of(session, "console", "孙前任", "孙前任")
        register.dismiss(session, person, Rank.COORDINATOR, now)
        group = register.chats_of(session, unit.id or 0)[0]
        room = register.find_chat(session, "console", ROOM)
        asker = register.person_of(session, "console", "张工", "张工")
        assert room is not None
        question = Question(chat_id=group.id or 0, asked_by_id=asker.id or 0, asked_at=now, words=SECRET)
        paper = Paper(campaign_id=1, kind=NoticeKind.BULLETIN, day=now.date(), drafted_at=now, words=SECRET)
        broadcast = Broadcast(room_id=room.id or 0, by_id=None, who="王协调", audience="全部", words=SECRET, files=[],
                              urgent=False, created_at=now, sent_at=now)  # fmt: skip
        inbound = Inbound(channel="console", external_id="said", chat_id=group.id, person_id=asker.id, at=now,
                          words={"text": SECRET})  # fmt: skip
        session.add_all([question, paper, broadcast, inbound])
        session.flush()
        session.add(BroadcastUnit(broadcast_id=broadcast.id or 0, unit_id=unit.id or 0))
        notice = outbox.enqueue(session, now=now, kind=NoticeKind.SLIP, reason=Reason.ACTIVATED, chat_id=group.id,
                                body={"text": SECRET})  # fmt: skip
        session.flush()
        yield Scene(session, story, own, others, office, notice.id or 0, question.id or 0, paper.id or 0,
                    broadcast.id or 0, group.id or 0, inbound.id or 0)  # fmt: skip


Ask = Callable[[Scene, Visitor], object]

ASKED: dict[str, Ask] = {
    "act on ours": lambda scene, one: access.for_unit(scene.session, scene.story.stage.desk, one, scene.own),
    "act on another's": lambda scene, one: access.for_unit(scene.session, scene.story.stage.desk, one, scene.others),
    "read ours": lambda scene, one: access.to_read(scene.session, one, scene.own),
    "read another's": lambda scene, one: access.to_read(scene.session, one, scene.others),
    "verify a unit's": lambda scene, one: access.for_coordinator(
        scene.session, scene.story.stage.desk, one, scene.own, LIVING
    ),
    "verify the office's": lambda scene, one: access.for_coordinator(
        scene.session, scene.story.stage.desk, one, scene.office, LIVING
    ),
    "the group's notice": lambda scene, one: access.own_notice(scene.session, one, scene.notice),
    "answer a question": lambda scene, one: access.to_answer(scene.session, one, scene.question),
    "sign a paper": lambda scene, one: access.to_sign(scene.session, scene.story.stage.desk, one, scene.paper),
    "rewrite a paper": lambda scene, one: access.to_rewrite(scene.session, scene.story.stage.desk, one, scene.paper),
    "steer a broadcast": lambda scene, one: access.to_broadcast(scene.session, one, scene.broadcast),
    "confirm a broadcast": lambda scene, one: access.to_confirm(scene.session, one, scene.broadcast),
    "bind a group": lambda scene, one: access.to_bind(scene.session, one, str(scene.chat)),
    "a campaign": lambda scene, one: access.to_campaign(scene.session, one, 1),
    "what 张工 said in the group": lambda scene, one: access.own_message(scene.session, one, scene.inbound),
}

STEERS = {
    "read ours", "read another's", "verify a unit's", "answer a question", "rewrite a paper", "bind a group", "a campaign",
}  # fmt: skip
LEADS = {"read ours", "read another's", "verify the office's", "answer a question", "sign a paper", "rewrite a paper"}
IN_GROUP = {"act on ours", "read ours", "the group's notice", "confirm a broadcast"}

MAY: dict[str, set[str]] = {
    "a member of the group": IN_GROUP | {"what 张工 said in the group"},
    "a named contact in private": {"act on ours", "read ours"},
    "a coordinator in the room": STEERS | {"steer a broadcast"},
    "a coordinator in private": STEERS,
    "a coordinator in a unit's group": IN_GROUP,
    "a leader in the leaders' room": LEADS,
    "a leader in private": LEADS,
    "a leader in a unit's group": IN_GROUP,
    "a unit's own leader in private": {"read ours"},
    "a unit's own leader in the leaders' room": {"read ours"},
    "a dismissed coordinator in the room": set(),
    "a stranger in the room": set(),
    "somebody with a signer's name in the room": set(),
}


def test_everybody_gets_what_the_table_says_and_nothing_else(scene: Scene) -> None:
    lines = []
    for who in VISITORS:
        visitor, got = scene.visitor(who), set()
        for what, ask in ASKED.items():
            try:
                ask(scene, visitor)
                got.add(what)
            except Denied as denial:
                lines.append(str(denial))
        assert got == MAY[who], who
    assert [one for one in lines if "\n" in one or SECRET in one] == []


def test_a_leader_whom_the_policy_does_not_let_sign_changes_no_paper(story: Story) -> None:
    story.begins("2022-06-01 08:00", task(1, "2022-12-31"),
                 policy='[people]\nsigners = ["coordinator", "钱签发"]\n')  # fmt: skip
    story.appoints("钱签发", Rank.LEADER)
    now = at("2022-06-01 09:00")
    with story.store.write() as session:
        paper = Paper(campaign_id=1, kind=NoticeKind.BULLETIN, day=now.date(), drafted_at=now)
        session.add(paper)
        session.flush()
        may = {}
        for name in ("领导", "钱签发", "路人"):
            visitor = access.greet(session, Incoming("console", "x", LEADERS, LEADERS, name, name, "…"))
            assert visitor is not None
            for ask in (access.to_sign, access.to_rewrite):
                try:
                    ask(session, story.stage.desk, visitor, paper.id or 0)
                    may[name, ask.__name__] = True
                except Denied:
                    may[name, ask.__name__] = False
    assert may == {
        ("领导", "to_sign"): False, ("领导", "to_rewrite"): False,
        ("钱签发", "to_sign"): True, ("钱签发", "to_rewrite"): True,
        ("路人", "to_sign"): False, ("路人", "to_rewrite"): False,
    }  # fmt: skip


def test_where_a_campaign_hears_named_contacts_only_nobody_else_acts(story: Story) -> None:
    story.begins("2022-06-01 08:00", task(1, "2022-12-31"),
                 policy="[people]\nnamed_contacts_only = true\n")  # fmt: skip
    group = story.group(ECONOMY)
    with story.store.write() as session:
        person = register.person_of(session, "console", "周联络", "周联络")
        register.appoint(session, person, Rank.CONTACT, register.get_unit(session, ECONOMY), at("2022-06-01 08:00"))
    story.until("2022-06-01 18:00")
    slip = group.hears("【交办通知】")
    for attempt in (lambda: group.says("办结 1", who="张工"), lambda: group.says("佐证", reply=slip, file="a.pdf")):
        attempt()
        assert "登记的联络员" in group.hears().text
    group.presses(slip, "报进展", who="张工")
    group.hears("登记的联络员")
    assert story.line(1).assignment.version == 0
    group.says("收到", who="周联络")
    group.hears("已签收")


def test_a_units_own_leader_looks_at_that_unit_and_at_nothing_else(story: Story) -> None:
    story.begins("2022-06-01 08:00", task(1, "2022-12-31"), task(2, "2022-12-31", lead=(EMERGENCY,)))
    story.until("2022-06-01 18:00")
    story.forget()
    with story.store.write() as session:
        person = register.person_of(session, "console", "赵处", "赵处")
        register.appoint(session, person, Rank.LEADER, register.get_unit(session, ECONOMY), at("2022-06-01 08:00"))
    leaders = story.leaders
    leaders.says("我的任务", who="赵处")
    shown = leaders.hears("待办任务", "〔A-1〕")
    assert "A-2" not in shown.text
    leaders.says("详情 1", who="赵处")
    leaders.hears("〔A-1〕")
    for refused in ("/详情 2", "清单", "/list", "状态", "签发", "核查 1", "群发 全部 开会"):
        leaders.says(f"@督办 {refused}", who="赵处")
        heard = leaders.hears()
        assert "A-2" not in heard.text, refused
    assert story.line(1).assignment.version == 0


def test_a_coordinator_is_of_no_unit_and_a_contact_of_one(story: Story) -> None:
    story.begins("2022-06-01 08:00", task(1, "2022-12-31"))
    with story.store.write() as session:
        person = register.person_of(session, "console", "赵处", "赵处")
        unit = register.get_unit(session, ECONOMY)
        for rank, of in ((Rank.COORDINATOR, unit), (Rank.CONTACT, None)):
            with pytest.raises(register.RegisterError):
                register.appoint(session, person, rank, of, at("2022-06-01 08:00"))


def test_of_a_stranger_nothing_is_written_down(story: Story) -> None:
    story.begins("2022-06-01 08:00", task(1, "2022-12-31"))
    with story.store.write() as session:
        assert (
            access.greet(session, Incoming("console", "x", "别处", "别处", "路人", "路人", "…", private=True)) is None
        )
        assert register.find_person(session, "console", "路人") is None
        assert register.find_chat(session, "console", "别处") is None
