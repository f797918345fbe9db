"""Access as a table: who, from where, may have what. A refusal is one line and tells nothing of the content."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy import update
from sqlmodel import Session, select

from bot.channels.incoming import Incoming
from bot.dialogue import access, access_to_calls, visitors
from bot.dialogue.access import Denied
from bot.dialogue.visitors import Visitor
from db import outbox, register
from db.bodies import ReplyBody
from db.kinds import body_of
from db.ledger import Line, Which, lines
from db.ledger.acts import Act, perform
from db.models import (
    Appointment,
    Assignment,
    Broadcast,
    BroadcastUnit,
    Campaign,
    Chat,
    Doubt,
    Inbound,
    Message,
    Milestone,
    Notice,
    Paper,
    Person,
    Problem,
    Question,
    Task,
)
from db.words import EVERY, LIVING, OVER, UNENDED, Action, CampaignStatus, DoubtKind, Finding, NoticeKind, Rank, Reason
from jobs.campaigns.settling import Asked
from jobs.desk import Desk
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
    doubt: int
    office_doubt: int

    @property
    def desk(self) -> Desk:
        return self.story.stage.desk

    @property
    def line(self) -> Line:
        return lines(self.session, Which(EVERY, ids=[self.own]))[0]

    def visitor(self, who: str) -> Visitor:
        """Greet somebody of the table."""
        name, chat, private = VISITORS[who]
        greeted = visitors.greet(
            self.session, Incoming("console", "x", chat, chat, name, name, "…", private=private, message_id="x")
        )
        assert greeted is not None
        return greeted


@pytest.fixture
def scene(story: Story) -> Iterator[Scene]:
    story.begins("2022-06-01 08:00", task(1, "2022-12-31", text=SECRET),
                 task(2, "2022-12-31", lead=(EMERGENCY,), text=SECRET), task(3, "2022-12-31", lead=(OFFICE,)),
                 policy=POLICY)  # fmt: skip
    own, others, office = (story.line(number, unit).assignment.id
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
        group = register.chats_of(session, unit.id)[0]
        room = register.find_chat(session, "console", ROOM)
        asker = register.person_of(session, "console", "张工", "张工")
        assert room is not None
        question = Question(chat_id=group.id, asked_by_id=asker.id, asked_at=now, words=SECRET)
        paper = Paper(campaign_id=1, kind=NoticeKind.BULLETIN, day=now.date(), drafted_at=now, words=SECRET)
        broadcast = Broadcast(room_id=room.id, by_id=None, who="王协调", audience="全部", words=SECRET, files=[],
                              urgent=False, created_at=now, sent_at=now)  # fmt: skip
        inbound = Inbound(channel="console", external_id="said", chat_id=group.id, person_id=asker.id, at=now,
                          words={"text": SECRET})  # fmt: skip
        session.add_all([question, paper, broadcast, inbound])
        session.flush()
        session.add(BroadcastUnit(broadcast_id=broadcast.id, unit_id=unit.id))
        doubt, office_doubt = (left_open(session, assignment) for assignment in (own, office))
        notice = outbox.enqueue(session, now=now, kind=NoticeKind.SLIP, reason=Reason.ACTIVATED, chat_id=group.id,
                                body=ReplyBody(SECRET))  # fmt: skip
        session.flush()
        yield Scene(session, story, own, others, office, notice.id, question.id, paper.id,
                    broadcast.id, group.id, inbound.id, doubt, office_doubt)  # fmt: skip


def left_open(session: Session, assignment: int) -> int:
    """Write down that reading was in doubt of an assignment's milestone."""
    milestone = session.get_one(Milestone, session.get_one(Assignment, assignment).milestone_id)
    doubt = Doubt(campaign_id=1, task_id=milestone.task_id, milestone_id=milestone.id, kind=DoubtKind.DEADLINE, why="?",
                  source=SECRET)  # fmt: skip
    session.add(doubt)
    session.flush()
    return doubt.id


Ask = Callable[[Scene, Visitor], object]

ASKED: dict[str, Ask] = {
    "act on ours": lambda scene, one: access.for_unit(scene.session, scene.desk, one, scene.own),
    "act on another's": lambda scene, one: access.for_unit(scene.session, scene.desk, one, scene.others),
    "read ours": lambda scene, one: access.to_read(scene.session, one, scene.own),
    "read another's": lambda scene, one: access.to_read(scene.session, one, scene.others),
    "verify a unit's": lambda scene, one: access.for_coordinator(scene.session, scene.desk, one, scene.own, LIVING),
    "verify the office's": lambda scene, one: access.for_coordinator(
        scene.session, scene.desk, one, scene.office, LIVING
    ),
    "the group's notice": lambda scene, one: access.own_notice(scene.session, one, scene.notice),
    "answer a question": lambda scene, one: access.to_answer(scene.session, one, scene.question),
    "sign a paper": lambda scene, one: access.to_sign(scene.session, scene.desk, one, scene.paper, TODAY),
    "rewrite a paper": lambda scene, one: access.to_rewrite(scene.session, scene.desk, one, scene.paper, TODAY),
    "steer a broadcast": lambda scene, one: access_to_calls.to_broadcast(scene.session, one, scene.broadcast),
    "confirm a broadcast": lambda scene, one: access_to_calls.to_confirm(scene.session, one, scene.broadcast),
    "bind a group": lambda scene, one: access.to_bind(scene.session, one, str(scene.chat)),
    "a campaign": lambda scene, one: access.to_campaign(scene.session, one, 1),
    "correct a milestone": lambda scene, one: access.to_correct(
        scene.session, scene.desk, one, scene.line.assignment.milestone_id
    ),
    "correct the office's": lambda scene, one: access.to_correct(
        scene.session, scene.desk, one, scene.session.get_one(Assignment, scene.office).milestone_id
    ),
    "what was corrected": lambda scene, one: access.corrected_before(scene.session, one, scene.line),
    "urge the units": lambda scene, one: access.to_nudge(scene.session, one, Which(LIVING)),
    "what was left open": lambda scene, one: access.to_ask(scene.session, one, scene.doubt),
    "settle a doubt": lambda scene, one: access.to_settle(scene.session, scene.desk, one, scene.doubt),
    "settle the office's": lambda scene, one: access.to_settle(scene.session, scene.desk, one, scene.office_doubt),
    "dismiss somebody": lambda scene, one: access.to_dismiss(scene.session, one, 1),
    "the latest broadcast": lambda scene, one: access_to_calls.latest_broadcast(scene.session, one),
    "what 张工 said in the group": lambda scene, one: access.own_message(scene.session, one, scene.inbound),
}

STEERS = {
    "read ours", "read another's", "verify a unit's", "answer a question", "rewrite a paper", "bind a group", "a campaign",
    "correct a milestone", "what was corrected", "dismiss somebody", "the latest broadcast", "urge the units", "what was left open",
    "settle a doubt",
}  # fmt: skip
LEADS = {
    "read ours", "read another's", "verify the office's", "answer a question", "sign a paper", "rewrite a paper",
    "correct the office's", "what was corrected", "what was left open", "settle the office's",
}  # fmt: skip
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
        for name in ("领导", "钱签发", "路人", "冒名"):
            called = "钱签发" if name == "冒名" else name
            visitor = visitors.greet(session, Incoming("console", "x", LEADERS, LEADERS, name, called, "…"))
            assert visitor is not None
            for ask in (access.to_sign, access.to_rewrite):
                try:
                    ask(session, story.stage.desk, visitor, paper.id, TODAY)
                    may[name, ask.__name__] = True
                except Denied:
                    may[name, ask.__name__] = False
    assert may == {
        ("领导", "to_sign"): False, ("领导", "to_rewrite"): False,
        ("钱签发", "to_sign"): True, ("钱签发", "to_rewrite"): True,
        ("路人", "to_sign"): False, ("路人", "to_rewrite"): False,
        ("冒名", "to_sign"): False, ("冒名", "to_rewrite"): False,
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
            visitors.greet(session, Incoming("console", "x", "别处", "别处", "路人", "路人", "…", private=True)) is None
        )
        assert register.find_person(session, "console", "路人") is None
        assert register.find_chat(session, "console", "别处") is None


TODAY = date(2022, 6, 1)
NEVER = 999
"""A number that nothing has."""

NOTHING: dict[str, tuple[Ask, str | None]] = {
    # asked for what never was: the refusal, or None where nothing is given
    "act": (lambda scene, one: access.for_unit(scene.session, scene.desk, one, NEVER), "不属于本群单位"),
    "read": (lambda scene, one: access.to_read(scene.session, one, NEVER), "没有这项任务，或不属于本群单位"),
    "decide": (lambda scene, one: access.for_coordinator(scene.session, scene.desk, one, NEVER, LIVING), "没有这项任务"),
    "correct": (lambda scene, one: access.to_correct(scene.session, scene.desk, one, NEVER), "没有这项任务"),
    "a campaign": (lambda scene, one: access.to_campaign(scene.session, one, NEVER), "没有这个专项行动"),
    "a person": (lambda scene, one: access.to_dismiss(scene.session, one, NEVER), "没有这个人员"),
    "a chat by its number": (lambda scene, one: access.to_bind(scene.session, one, str(NEVER)), None),
    "a chat by its title": (lambda scene, one: access.to_bind(scene.session, one, "没有这个群"), None),
    "a question": (lambda scene, one: access.to_answer(scene.session, one, NEVER), None),
    "a question without a number": (lambda scene, one: access.to_answer(scene.session, one, None), None),
    "a broadcast": (lambda scene, one: access_to_calls.to_broadcast(scene.session, one, NEVER), "不是从本会话发起"),
    "a receipt": (lambda scene, one: access_to_calls.to_confirm(scene.session, one, NEVER), "不属于本会话"),
    "a signature": (lambda scene, one: access.to_sign(scene.session, scene.desk, one, NEVER, TODAY), "由签发人办理"),
    "a paper": (lambda scene, one: access.to_rewrite(scene.session, scene.desk, one, NEVER, TODAY), "由协调员或签发人修改"),
    "an act": (lambda scene, one: access.own_act(scene.session, one, NEVER), None),
    "an act without a number": (lambda scene, one: access.own_act(scene.session, one, None), None),
    "a notice": (lambda scene, one: access.own_notice(scene.session, one, NEVER), "不属于本会话"),
    "a message": (lambda scene, one: access.own_message(scene.session, one, NEVER), "不属于您刚才的消息"),
    "a doubt": (lambda scene, one: access.to_ask(scene.session, one, NEVER), "没有这一处"),
}  # fmt: skip


def test_what_never_was_is_given_to_nobody(scene: Scene) -> None:
    told = {what: answer(scene, "a coordinator in the room", ask) for what, (ask, _why) in NOTHING.items()}
    for what, (_ask, why) in NOTHING.items():
        assert told[what] is None if why is None else why in str(told[what]), (what, told[what])


def answer(scene: Scene, who: str, ask: Ask) -> object:
    """Return what somebody is given, or the line that refuses it."""
    try:
        return ask(scene, scene.visitor(who))
    except Denied as denial:
        return str(denial)


@pytest.mark.parametrize("action", [None, Action.VERIFY, Action.RETURN, Action.SUSPEND])
@pytest.mark.parametrize("is_problem", [True, False])
def test_a_leader_judges_what_a_unit_reports_of_a_problem_and_nothing_else(
    scene: Scene, action: Action | None, *, is_problem: bool
) -> None:
    """Its second person may be none of the coordinators."""
    problem = Problem(task_id=scene.line.task.id, how=Finding.SAID, found_on=TODAY)
    if is_problem:
        scene.session.add(problem)
        scene.session.flush()
    told = answer(
        scene,
        "a leader in the leaders' room",
        lambda at, one: access.for_coordinator(at.session, at.desk, one, at.own, LIVING, action),
    )
    judges = is_problem and action in (Action.VERIFY, Action.RETURN)
    assert (told == "该事项由协调员办理。") is not judges
    if is_problem:  # the record knows nothing of it
        scene.session.delete(problem)


def test_an_album_is_what_one_person_sent_together_in_one_chat(scene: Scene) -> None:
    session = scene.session
    said = session.exec(select(Inbound)).one()
    other_chat = session.exec(select(Chat).where(Chat.id != said.chat_id)).first()
    other = session.exec(select(Person).where(Person.id != said.person_id)).first()
    assert other_chat is not None
    assert other is not None
    assert access.album_of(session, said) == []
    said.album = "g1"

    def also(number: str, **how: object) -> Inbound:
        told = {"channel": said.channel, "chat_id": said.chat_id, "person_id": said.person_id, "album": "g1"} | how
        return Inbound.model_validate(told | {"external_id": number, "at": said.at})

    mine = [also("2"), also("3")]
    others = [
        also("4", channel="telegram"), also("5", chat_id=other_chat.id), also("6", person_id=other.id),
        also("7", album="g2"), also("8", album=None),
    ]  # fmt: skip
    session.add_all([*mine, *others])
    session.flush()
    assert access.album_of(session, said) == mine
    assert access.album_of(session, others[-1]) == []


def test_who_may_not_decide_does_not_learn_what_there_is(scene: Scene) -> None:
    for who in ("a member of the group", "a stranger in the room", "a unit's own leader in private"):
        for number in (scene.own, scene.others, scene.office, NEVER):
            told = answer(
                scene, who, lambda at, one, it=number: access.for_coordinator(at.session, at.desk, one, it, LIVING)
            )
            assert told == "您没有办理该事项的权限。", (who, number)
        told = answer(scene, who, lambda at, one: access.to_correct(at.session, at.desk, one, NEVER))
        assert told == "该操作由协调员在协调室办理。", who


def test_what_the_office_shares_with_a_unit_is_corrected_by_a_leader_only(story: Story) -> None:
    story.begins("2022-06-01 08:00", task(1, "2022-12-31", lead=(ECONOMY, OFFICE)), policy=POLICY)
    milestone = story.line(1, ECONOMY).assignment.milestone_id
    story.appoints("王协调", Rank.COORDINATOR)
    story.appoints("李厅长", Rank.LEADER)
    with story.store.write() as session:
        for name, chat in (("王协调", ROOM), ("李厅长", LEADERS)):
            said = Incoming("console", "x", chat, chat, name, name, "…", private=False, message_id="x")
            visitor = visitors.greet(session, said)
            assert visitor is not None
            if name == "王协调":
                with pytest.raises(Denied, match="由领导核查"):
                    access.to_correct(session, story.stage.desk, visitor, milestone)
            else:
                assert len(access.to_correct(session, story.stage.desk, visitor, milestone)) == 2


CONTACT, COORDINATOR, LEADER = "a member of the group", "a coordinator in the room", "a leader in the leaders' room"
STANDING = [
    # who, what, and of which campaigns it may be had
    (CONTACT, "act on ours", LIVING),
    (CONTACT, "read ours", LIVING | OVER),
    (COORDINATOR, "read ours", EVERY),
    (LEADER, "read ours", EVERY),
    (COORDINATOR, "verify a unit's", LIVING),
    (LEADER, "verify the office's", LIVING),
    (LEADER, "sign a paper", LIVING),
    (COORDINATOR, "rewrite a paper", LIVING),
    (COORDINATOR, "a campaign", UNENDED),
    (COORDINATOR, "correct a milestone", UNENDED),
    (COORDINATOR, "settle a doubt", UNENDED),
]


@pytest.mark.parametrize("status", [CampaignStatus.DRAFT, CampaignStatus.PAUSED, CampaignStatus.ENDED])
def test_of_a_campaign_that_does_not_run_is_had_what_the_table_says_and_why_not(
    scene: Scene, status: CampaignStatus
) -> None:
    scene.session.get_one(Campaign, 1).status = status
    scene.session.flush()
    for who, what, of in STANDING:
        given = answer(scene, who, ASKED[what])
        assert isinstance(given, str) is (status not in of), (who, what)
        if isinstance(given, str) and what != "correct a milestone":
            assert ("不再办理" if status is CampaignStatus.ENDED else "还不能办理") in given, (who, what)


def test_what_is_given_to_act_on_is_as_it_now_is(scene: Scene) -> None:
    """Somebody else may have been first: what was read a moment ago is locked and read anew."""
    new = {"words": "新"}
    for row, change in ((Assignment, {"version": 9}), (Paper, new), (Broadcast, new), (Doubt, {"settled": "新"})):
        kept = [scene.session.get_one(row, one.id) for one in scene.session.exec(select(row))]
        assert kept
        asked = [(who, what) for who, what, of in LOCKED if of is row]
        for who, what in asked:
            visitor = scene.visitor(who)
            scene.session.info.clear()  # each asks in a transaction of their own, which holds nothing yet
            scene.session.execute(update(row).values(change).execution_options(synchronize_session=False))
            given = ASKED[what](scene, visitor)
            judged = given.assignment if isinstance(given, Line) else given.doubt if isinstance(given, Asked) else given
            assert {name: getattr(judged, name) for name in change} == change, what
            for name, old in (("version", 0), ("words", SECRET), ("settled", "")):
                if name in change:
                    setattr(judged, name, old)
            scene.session.flush()


LOCKED = [
    (CONTACT, "act on ours", Assignment),
    (COORDINATOR, "verify a unit's", Assignment),
    (LEADER, "sign a paper", Paper),
    (COORDINATOR, "rewrite a paper", Paper),
    (COORDINATOR, "steer a broadcast", Broadcast),
    (COORDINATOR, "settle a doubt", Doubt),
]


def test_what_was_settled_is_not_settled_again_and_it_is_told_by_whom_and_when(scene: Scene) -> None:
    doubt = scene.session.get_one(Doubt, scene.doubt)
    doubt.settled_at, doubt.settled_by, doubt.settled = at("2022-06-01 10:00"), "王协调", "6月30日"
    told = str(answer(scene, COORDINATOR, ASKED["settle a doubt"]))
    assert [one for one in ("王协调", "10:00", "6月30日") if one not in told] == []


def test_of_a_duty_that_nobody_has_yet_a_coordinator_settles_what_was_left_open(scene: Scene) -> None:
    alone = Task(campaign_id=1, position=9, key="A-9", number="9", section="", text=SECRET)
    scene.session.add(alone)
    scene.session.flush()
    doubt = scene.session.get_one(Doubt, scene.doubt)
    doubt.task_id, doubt.milestone_id = alone.id, None
    scene.session.flush()
    assert "由协调员" in str(answer(scene, LEADER, ASKED["settle a doubt"]))
    assert isinstance(answer(scene, COORDINATOR, ASKED["settle a doubt"]), Asked)
    scene.session.rollback()  # the ledger tells of no such task


# ---------------------------------------------------------------- chats


def test_a_group_is_bound_by_its_number_or_its_title_on_the_channel_where_it_is_asked(scene: Scene) -> None:
    session = scene.session
    coordinator = scene.visitor("a coordinator in the room")
    new = register.ensure_chat(session, "console", "新群", "新群")
    private = register.find_chat(session, "console", "王协调") or scene.visitor("a coordinator in private").chat
    register.ensure_chat(session, "telegram", "-9", "别处的群")
    room = register.find_chat(session, "console", ROOM)
    assert room is not None
    ours = session.get_one(Chat, scene.chat)
    for name, chat in ((new.title, new), (str(new.id), new), (ours.title, ours), (str(ours.id), ours),
                       ("别处的群", None), (str(room.id), None), (room.title, None), (str(private.id), None)):  # fmt: skip
        assert access.to_bind(session, coordinator, name) is chat, name


def test_who_was_made_the_last_coordinator_twice_stays(scene: Scene) -> None:
    session, coordinator = scene.session, scene.visitor("a coordinator in the room")
    for other in register.coordinators(session):
        if other.id != coordinator.person.id:
            register.dismiss(session, other, Rank.COORDINATOR, at("2022-06-01 09:00"))
    session.add(Appointment(person_id=coordinator.person.id, rank=Rank.COORDINATOR, since=at("2022-06-01 09:00")))
    session.flush()
    assert register.coordinators(session) == [coordinator.person]
    with pytest.raises(Denied, match="至少须留一名协调员"):
        access.to_dismiss(session, coordinator, coordinator.person.id)


def test_who_was_removed_meanwhile_removes_nobody(scene: Scene) -> None:
    session, coordinator = scene.session, scene.visitor("a coordinator in the room")
    contact, leader = (register.find_person(session, "console", name) for name in ("周联络", "赵处"))
    assert contact is not None
    assert leader is not None
    register.appoint(session, contact, Rank.COORDINATOR, None, at("2022-06-01 09:00"))
    register.dismiss(session, coordinator.person, Rank.COORDINATOR, at("2022-06-01 09:00"))
    with pytest.raises(Denied, match="已不是协调员"):
        access.to_dismiss(session, coordinator, leader.id)


def test_the_last_coordinator_stays(scene: Scene) -> None:
    session, coordinator = scene.session, scene.visitor("a coordinator in the room")
    contact = register.find_person(session, "console", "周联络")
    assert contact is not None
    assert access.to_dismiss(session, coordinator, contact.id) is contact
    one, *others = register.coordinators(session)
    for other in others:
        register.dismiss(session, other, Rank.COORDINATOR, at("2022-06-01 09:00"))
    if others:
        register.appoint(session, others[0], Rank.COORDINATOR, None, at("2022-06-01 09:00"))
        assert access.to_dismiss(session, coordinator, one.id) is one
        register.dismiss(session, others[0], Rank.COORDINATOR, at("2022-06-01 09:00"))
    with pytest.raises(Denied, match="至少须留一名协调员"):
        access.to_dismiss(session, coordinator, one.id)


# ---------------------------------------------------------------- who speaks


def says(name: str, chat: str, *, private: bool = False, message: str | None = None) -> Incoming:
    return Incoming("console", "update", chat, chat, name, name, "…", private=private, message_id=message)


def test_who_speaks_where_is_known_only_as_far_as_the_register_says(scene: Scene) -> None:
    """Somebody nobody knows counts where a chat is ours; somebody with a rank where they are heard, private or not."""
    session = scene.session
    scene.visitor("a coordinator in private")
    register.ensure_chat(session, "console", "别的群", "别的群")
    register.person_of(session, "console", "无名", "")
    for name, chat, private, known, greeted in (
        ("张工", ECONOMY, False, True, True),
        ("路人甲", ECONOMY, False, False, True),
        ("无名", ECONOMY, False, False, True),
        ("张工", "别的群", False, False, False),
        ("王协调", "别的群", False, True, True),
        ("王协调", "没来过的群", False, False, False),
        ("王协调", "王协调", True, True, True),
        ("张工", "张工", True, False, False),
        ("周联络", "周联络", True, False, True),
        ("周联络", "周联络", True, True, True),
    ):
        incoming = says(name, chat, private=private)
        assert (visitors.known(session, incoming) is not None) is known, (name, chat)
        if name != "无名":
            assert (visitors.greet(session, incoming) is not None) is greeted, (name, chat)


def test_whose_name_the_service_tells_at_last_is_called_by_it(scene: Scene) -> None:
    nameless = register.person_of(scene.session, "console", "u17", "")
    said = Incoming("console", "update", ECONOMY, ECONOMY, "u17", "何工", "…", private=False)
    greeted = visitors.greet(scene.session, said)
    assert greeted is not None
    assert (greeted.person.id, greeted.person.name, greeted.person.nameless) == (nameless.id, "何工", False)


def test_what_a_visitor_was_given_once_is_not_read_and_locked_again(scene: Scene) -> None:
    visitor = scene.visitor("a member of the group")
    given = access.for_unit(scene.session, scene.desk, visitor, scene.own)
    assert access.for_unit(scene.session, scene.desk, visitor, scene.own) is given


def test_a_private_chat_is_the_persons_own_and_alive_when_they_speak(scene: Scene) -> None:
    chat = scene.visitor("a coordinator in private").chat
    chat.dead_why, chat.person_id = "对方已屏蔽", None
    scene.session.flush()
    coordinator = scene.visitor("a coordinator in private")
    assert (coordinator.chat.person_id, coordinator.chat.dead_why) == (coordinator.person.id, None)


def test_a_private_chat_that_serves_a_unit_and_a_group_are_nobodys_own(scene: Scene) -> None:
    session = scene.session
    private = register.ensure_chat(session, "console", "张工", "张工")
    register.bind(session, register.get_unit(session, ECONOMY), private)
    session.flush()
    for name, chat, alone in (("张工", "张工", True), ("王协调", ECONOMY, False)):
        greeted = visitors.greet(session, says(name, chat, private=alone))
        assert greeted is not None
        assert greeted.chat.person_id is None


def test_the_record_names_the_message_and_of_a_message_without_a_number_the_update(scene: Scene) -> None:
    for message, recorded in (("m7", "m7"), (None, "update")):
        greeted = visitors.greet(scene.session, says("张工", ECONOMY, message=message))
        assert greeted is not None
        assert greeted.actor.message == recorded


def test_who_acts_for_a_unit_and_leads_it_reads_of_it_once(scene: Scene) -> None:
    session = scene.session
    register.appoint(session, register.person_of(session, "console", "周联络", "周联络"), Rank.LEADER,
                     register.get_unit(session, ECONOMY), at("2022-06-01 09:00"))  # fmt: skip
    assert [unit.name for unit in scene.visitor("a named contact in private").reads] == [ECONOMY]


# ---------------------------------------------------------------- what is given, exactly


def test_the_last_correction_is_no_other_act(scene: Scene) -> None:
    session, coordinator = scene.session, scene.visitor("a coordinator in the room")
    line = access.to_read(session, coordinator, scene.own)
    assert access.corrected_before(session, coordinator, line) is None
    now = at("2022-06-01 09:00")
    entry = perform(session, line.assignment, Act(Action.CORRECT, words="核对"), coordinator.actor, now)
    perform(session, line.assignment, Act(Action.ACKNOWLEDGE), coordinator.actor, now)
    assert access.corrected_before(session, coordinator, line) is entry


def test_the_latest_broadcast_is_the_last_that_went_out_from_here(scene: Scene) -> None:
    session, now = scene.session, at("2022-06-01 09:00")
    coordinator = scene.visitor("a coordinator in the room")
    for room, sent in ((scene.chat, now), (coordinator.chat.id, None)):
        session.add(Broadcast(room_id=room, by_id=None, who="王协调", audience="全部", words="", files=[],
                              urgent=False, created_at=now, sent_at=sent))  # fmt: skip
    session.flush()
    latest = access_to_calls.latest_broadcast(session, coordinator)
    assert latest is not None
    assert latest.id == scene.broadcast


def test_a_draft_of_a_broadcast_is_confirmed_by_nobody_and_a_unit_that_was_not_meant_confirms_none(
    scene: Scene,
) -> None:
    session = scene.session
    member = scene.visitor("a member of the group")
    register.bind(session, register.get_unit(session, EMERGENCY), member.chat)
    session.flush()
    assert [unit.name for unit in access_to_calls.to_confirm(session, member, scene.broadcast)[1]] == [ECONOMY]
    session.get_one(Broadcast, scene.broadcast).sent_at = None
    session.flush()
    with pytest.raises(Denied, match="不属于本会话"):
        access_to_calls.to_confirm(session, member, scene.broadcast)


def test_a_digest_carries_no_buttons_of_ones_own(scene: Scene) -> None:
    notice = scene.session.get_one(Notice, scene.notice)
    was, notice.kind = notice.kind, NoticeKind.DIGEST
    scene.session.flush()
    assert answer(scene, "a member of the group", ASKED["the group's notice"]) == "该按钮不属于本会话。"
    notice.kind = was  # it holds no digest, and what is kept is looked over at the end


def test_only_a_reply_to_a_question_that_was_passed_on_here_answers_it(scene: Scene) -> None:
    session, now = scene.session, at("2022-06-01 09:00")
    coordinator = scene.visitor("a coordinator in the room")
    for message, kind, body, chat in (
        ("relayed", NoticeKind.RELAY, {"question_id": scene.question}, coordinator.chat.id),
        ("of old", NoticeKind.RELAY, {}, coordinator.chat.id),
        ("another kind", NoticeKind.SLIP, {"question_id": scene.question}, coordinator.chat.id),
        ("elsewhere", NoticeKind.RELAY, {"question_id": scene.question}, scene.chat),
    ):
        notice = outbox.enqueue(
            session, now=now, kind=kind, reason=Reason.ACTIVATED, chat_id=chat, body=body_of(kind, body)
        )
        session.flush()
        session.add(Message(notice_id=notice.id, chat_id=chat, part=1, sent={}, out_at=now, external_id=message))
    session.flush()
    for message, number in (("relayed", scene.question), ("of old", None), ("another kind", None), ("elsewhere", None),
                            ("nothing of ours", None), (None, None)):  # fmt: skip
        found = access.to_answer_by_reply(session, coordinator, message)
        assert (found and found.id) == number, message


def test_what_was_said_is_the_speakers_own_in_the_chat_where_they_said_it(scene: Scene) -> None:
    assert isinstance(answer(scene, "a coordinator in a unit's group", ASKED["what 张工 said in the group"]), str)
    elsewhere = visitors.greet(scene.session, says("张工", ROOM))
    assert elsewhere is not None
    with pytest.raises(Denied, match="不属于您刚才的消息"):
        access.own_message(scene.session, elsewhere, scene.inbound)


def test_what_somebody_did_is_their_own_to_take_back(scene: Scene) -> None:
    member = scene.visitor("a member of the group")
    entry = perform(scene.session, scene.line.assignment, Act(Action.ACKNOWLEDGE), member.actor, at("2022-06-01 09:00"))
    assert access.own_act(scene.session, member, entry.id) is entry
    assert access.own_act(scene.session, scene.visitor("a coordinator in a unit's group"), entry.id) is None
