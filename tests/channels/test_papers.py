"""Papers in the rooms: drafts that are shown whole and once, changed on purpose, signed by who has seen them."""

from sqlmodel import col, select

from db import register
from db.models import Delivery, History, Notice, Paper
from db.words import ChatRole, DeliveryState, NoticeKind
from tests.harness.bot_api import BOT_NAME
from tests.harness.story import ECONOMY, EMERGENCY, ENVIRONMENT, task
from tests.harness.world import Group, InProcess

BULLETIN, SUMMONS = "通报（待签发）", "约谈通知（待签发）"


def overdue(world: InProcess, *units: str) -> tuple[Group, Group, Group]:
    """Two tasks of one unit, or one of each of several, late since 2 June; the first unit has a group."""
    room, leaders = world.room(), world.room(ChatRole.LEADERS, who="李领导")
    group = world.group("经信厅工作群", bound_to=(ECONOMY,))
    tasks = [task(place, "2022-06-02", lead=(unit,)) for place, unit in enumerate(units or (ECONOMY, ECONOMY), 1)]
    world.begins("2022-06-01 10:00", *tasks)
    world.silent = True
    return room, leaders, group


def text_of(group: Group, part: str) -> str:
    return str(group.said(part).text)


def test_a_draft_is_changed_by_a_new_opening_that_was_seen_and_confirmed(world: InProcess) -> None:
    room, leaders, group = overdue(world)
    world.until("2022-06-14 12:00")
    shown = room.said(BULLETIN)
    room.says("开头：经研究，现将超期未办结的任务通报如下：", who="王协调", reply=shown)
    preview = room.said("改后的文稿是这样，尚未修改")
    assert "经研究" in preview.text
    assert "经研究" not in text_of(leaders, BULLETIN)
    assert "已修改" in room.presses(preview, "确认修改", who="王协调")
    room.says("开头：经集体研究，现予通报：", who="王协调", reply=shown)
    assert room.said("尚未修改（将代替此前改的开头“经研究，现将超期未办结的任务通报如下：”）")
    room.says("去掉 A-2", who="王协调", reply=shown)
    world.until("2022-06-14 12:02")
    leaders.says(f"/sign@{BOT_NAME}", who="李领导")
    world.until("2022-06-14 12:03")
    draft = leaders.said(BULLETIN)
    assert ("经研究" in draft.text, "〔A-2〕" in draft.text) == (True, False)
    assert "签发须由签发人办理" in leaders.presses(draft, "签发", who="王协调")
    before = len(world.api.sent)
    assert "已签发（第1期），发往1个会话" in leaders.presses(draft, "签发", who="李领导")
    world.until("2022-06-14 12:10")
    issued = [sent for sent in world.api.sent[before:] if sent.chat == group.room.id and "【通报】" in sent.text]
    assert len(issued) == 1
    assert all(words in issued[0].text for words in ("经研究", "〔A-1〕", "（2022年第1期）", "签发：李领导"))
    assert "〔A-2〕" not in issued[0].text
    for place, shown_there in ((leaders, draft), (room, shown)):
        place.shows(shown_there, "【通报】", "（2022年第1期）", "签发：李领导")
        place.shows_no_buttons(shown_there)


def test_a_paper_of_many_tasks_has_a_line_a_unit_and_says_what_never_reached_it(world: InProcess) -> None:
    room, leaders, group = overdue(world, *(ECONOMY, EMERGENCY) * 20)
    world.until("2022-06-20 12:00")
    draft = text_of(room, BULLETIN)
    assert f"{ECONOMY}　20项，最早的〔A-1〕2022年6月2日（周四），逾期" in draft
    assert f"{EMERGENCY}　20项，最早的〔A-2〕2022年6月2日（周四），逾期" in draft
    assert "（其中20项此前通知未能送达）" in draft.split(EMERGENCY)[1].splitlines()[0]
    assert "未能送达" not in draft.split(ECONOMY)[1].splitlines()[0]
    assert "逐项见文稿" in draft
    leaders.says(f"/sign@{BOT_NAME}", who="李领导")
    world.until("2022-06-20 12:02")
    assert "已签发（第1期）" in leaders.presses(leaders.said(BULLETIN), "签发", who="李领导")
    world.until("2022-06-20 12:10")
    issued = text_of(group, "【通报】")
    assert f"{ECONOMY}　20项，最早的〔A-1〕" in issued
    assert "具体事项见各单位自己的清单" in issued
    world.until("2022-06-30 12:00")
    assert f"{ECONOMY}　20项" in text_of(leaders, SUMMONS)
    assert [told.text for told in world.api.sent if "待签发" in told.text and "（1/" in told.text] == []


def test_other_words_in_answer_to_a_draft_change_nothing(world: InProcess) -> None:
    room, _leaders, _group = overdue(world)
    world.until("2022-06-14 12:00")
    for words in ("语气重一点", "好的", "这份发给谁？"):
        room.says(words, who="王协调", reply=room.said(BULLETIN))
        assert "您的话没有写进去" in text_of(room, "您的话没有写进去")
    with world.store.read() as session:
        assert [paper.words for paper in session.exec(select(Paper))] == [""]


def test_a_dropped_draft_is_not_sent_and_the_record_says_who_dropped_it(world: InProcess) -> None:
    room, leaders, group = overdue(world)
    world.until("2022-06-14 12:00")
    draft = leaders.said(BULLETIN)
    room.says("作废", who="王协调", reply=room.said(BULLETIN))
    world.until("2022-06-14 12:02")
    before = len(world.api.sent)
    assert "作废" in leaders.presses(draft, "", who="李领导", data="s:1:1")
    world.until("2022-06-14 18:00")
    assert not [sent for sent in world.api.sent[before:] if sent.chat == group.room.id and "【通报】" in sent.text]
    with world.store.read() as session:
        events = [(entry.event, entry.who) for entry in session.exec(select(History)) if "通报" in entry.event]
    assert events == [("作废通报", "王协调")]


def test_the_button_that_drops_a_draft_asks_once_more(world: InProcess) -> None:
    room, _leaders, _group = overdue(world)
    world.until("2022-06-14 12:00")
    room.presses(room.said(BULLETIN), "作废", who="王协调")
    world.until("2022-06-14 12:01")
    question = room.said("确认作废？")
    with world.store.read() as session:
        assert session.exec(select(Paper)).one().is_open
    assert "已作废" in room.presses(question, "确认作废", who="王协调")
    with world.store.read() as session:
        assert not session.exec(select(Paper)).one().is_open


def test_a_draft_that_has_changed_since_it_was_seen_is_shown_again_and_not_signed(world: InProcess) -> None:
    room, leaders, _group = overdue(world)
    world.until("2022-06-14 12:00")
    draft = leaders.said(BULLETIN)
    seen = next(data for label, data in draft.buttons if label == "签发")
    room.says("去掉 A-2", who="王协调", reply=room.said(BULLETIN))
    world.until("2022-06-14 12:02")
    assert "已有变动，未签发" in leaders.presses(draft, "", who="李领导", data=seen)
    world.until("2022-06-14 12:03")
    anew = leaders.said(BULLETIN)
    assert "〔A-2〕" not in anew.text
    assert "已签发（第1期）" in leaders.presses(anew, "签发", who="李领导")


def test_a_draft_that_was_shown_on_an_earlier_day_is_shown_with_today_s_figures_before_it_is_signed(
    world: InProcess,
) -> None:
    _room, leaders, group = overdue(world)
    world.until("2022-06-14 12:00")
    draft = leaders.said(BULLETIN)
    assert "逾期12天" in draft.text
    world.until("2022-06-15 12:00")
    assert "已有变动，未签发" in leaders.presses(draft, "签发", who="李领导")
    world.until("2022-06-15 12:03")
    anew = leaders.said(BULLETIN)
    shown = anew.text.splitlines()
    assert "逾期13天" in anew.text
    assert "已签发（第1期）" in leaders.presses(anew, "签发", who="李领导")
    world.until("2022-06-15 12:10")
    assert group.said("【通报】").text.splitlines()[1:-1] == shown[1 : shown.index("——")]


def test_sign_shows_the_paper_and_asks(world: InProcess) -> None:
    _room, leaders, _group = overdue(world)
    world.until("2022-06-14 12:00")
    leaders.says(f"/sign@{BOT_NAME}", who="李领导")
    world.until("2022-06-14 12:01")
    with world.store.read() as session:
        assert session.exec(select(Paper)).one().is_open
    assert "已签发（第1期）" in leaders.presses(leaders.said(BULLETIN), "签发", who="李领导")


def test_the_drafts_of_a_morning_are_shown_once_and_whole(world: InProcess) -> None:
    room, leaders, _group = overdue(world, ECONOMY, EMERGENCY, ENVIRONMENT)
    world.until("2022-06-24 18:00")
    for kind, day in ((NoticeKind.BULLETIN, "2022-06-14"), (NoticeKind.SUMMONS, "2022-06-24")):
        with world.store.read() as session:
            query = select(Notice).where(Notice.kind == kind)
            shown = [one for one in session.exec(query) if one.body.draft]
            changes = select(Delivery).join(Notice, col(Notice.id) == Delivery.notice_id).where(Notice.kind == kind)
            edits = session.exec(changes.where(col(Delivery.change_of).is_not(None))).all()
        assert [str(one.day) for one in shown] == [day, day]
        assert edits == []
    for place in (room, leaders):
        draft = place.said(SUMMONS)
        assert all(unit in draft.text for unit in ("约谈（3个单位）", ECONOMY, EMERGENCY, ENVIRONMENT))
        assert {label for label, _data in draft.buttons} >= {"全部签发", "逐个看"}


def test_all_summonses_of_a_morning_are_signed_at_once_and_each_goes_to_its_unit_alone(world: InProcess) -> None:
    _room, leaders, group = overdue(world, ECONOMY, EMERGENCY, ENVIRONMENT)
    other = world.group("应急厅工作群", bound_to=(EMERGENCY,))
    world.until("2022-06-24 12:00")
    before = len(world.api.sent)
    answer = leaders.presses(leaders.said(SUMMONS), "全部签发", who="李领导")
    assert all(
        words in answer for words in ("已签发（第1—3号），发往2个会话", f"{ENVIRONMENT}没有会话、未能发到，请电话联系")
    )
    world.until("2022-06-24 12:10")
    theirs = {
        chat.room.id: [
            sent.text for sent in world.api.sent[before:] if sent.chat == chat.room.id and "【约谈通知】" in sent.text
        ]
        for chat in (group, other)
    }
    assert [len(texts) for texts in theirs.values()] == [1, 1]
    assert EMERGENCY not in theirs[group.room.id][0]
    assert ECONOMY not in theirs[other.room.id][0]


def test_one_summons_of_several_is_looked_at_changed_and_signed_alone(world: InProcess) -> None:
    _room, leaders, _group = overdue(world, ECONOMY, EMERGENCY)
    world.until("2022-06-24 12:00")
    several = leaders.said(SUMMONS)
    leaders.says("作废", who="李领导", reply=several)
    assert "请先按“逐个看”" in text_of(leaders, "逐个看”，再回复")
    leaders.presses(several, "逐个看", who="李领导")
    world.until("2022-06-24 12:01")
    first = leaders.said(SUMMONS)
    units = {ECONOMY, EMERGENCY}
    (its_unit,) = {unit for unit in units if unit in first.text}
    leaders.presses(first, "下一份", who="李领导")
    world.until("2022-06-24 12:02")
    second = leaders.said(SUMMONS)
    assert {unit for unit in units if unit in second.text} == units - {its_unit}
    assert "已签发（第1号）" in leaders.presses(second, "签发", who="李领导")
    with world.store.read() as session:
        states = [
            (paper.signed_at is not None, paper.number)
            for paper in session.exec(select(Paper).where(Paper.kind == NoticeKind.SUMMONS))
        ]
    assert states == [(False, None), (True, 1)]


def test_a_room_that_is_bound_later_is_shown_what_waits_once(world: InProcess) -> None:
    world.room()
    group = world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.begins("2022-06-01 10:00", task(1, "2022-06-02"), task(2, "2022-06-30"))
    world.silent = True
    group.says("办结 2", reply=group.said("交办通知"))
    world.until("2022-06-14 18:00")
    leaders = world.room(ChatRole.LEADERS, who="李领导")
    world.until("2022-06-15 12:00")
    assert "待签发文稿1份" in text_of(leaders, "【待办】")
    assert ECONOMY in text_of(leaders, BULLETIN)
    second = world.group("协调室二", member=True)
    second.room.spoken = True
    with world.store.write() as session:
        chat = register.ensure_chat(session, world.platform.name, second.external, "协调室二")
        register.bind_room(session, ChatRole.COORDINATORS, chat)
    world.until("2022-06-16 12:00")
    assert "待核查、待批1项" in text_of(second, "【待办】")
    assert "〔A-2〕" in text_of(second, "待核查】")
    assert ECONOMY in text_of(second, BULLETIN)
    world.until("2022-06-17 12:00")
    assert sum("【待办】" in sent.text for sent in world.api.sent) == 2


def test_units_that_were_never_reached_are_marked_for_the_signer(world: InProcess) -> None:
    _room, leaders, _group = overdue(world, ECONOMY, EMERGENCY)
    world.until("2022-06-14 12:00")
    lines = text_of(leaders, BULLETIN).splitlines()
    marked = {("催办" in line, "⚠未绑定会话，从未送达" in line) for line in lines if "〔A-" in line}
    assert marked == {(True, False), (False, True)}
    with world.store.read() as session:
        sent = select(Notice).where(Notice.kind == NoticeKind.OVERDUE, Notice.state == DeliveryState.SENT)
        assert session.exec(sent).one().unit_id == register.get_unit(session, ECONOMY).id
