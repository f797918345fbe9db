"""The contract of a channel: every channel keeps it, each against its stand-in (``tests.harness.kits``).

No test asks for a channel's name: what one cannot do it declares.
"""

import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from bot.channels.service import Answers, IsCalled, Listens, Redraws
from bot.cli import shell
from db import outbox
from db.models import Notice
from db.words import DeliveryState, NoticeKind
from jobs.ports import Attachment, Button, Edits, Face, Lost, Picker, Rejected, Retry, Sent
from jobs.routine import Routine
from tests.harness.kit import IMPATIENCE, Kit
from tests.harness.kits import KITS, House
from tests.harness.story import ECONOMY

FACE = Face("【交办通知】清单", "10月8日前", "完成复核认定", (("任务", "〔A-1〕"),), ("张工 收到 10:02",))


def with_(*needed: str) -> pytest.MarkDecorator:
    """Tell a test of the channels that have what it needs, as they and their kits declare."""
    able = [name for name, kit in KITS.items() if kit.can(kit.abilities) >= set(needed)]
    return pytest.mark.parametrize("kit", able, indirect=True)


@pytest.fixture(scope="module")
def levels() -> Iterator[dict[str, int]]:
    """Give the levels to which the program itself sets the logs of libraries that write addresses and frames."""
    logs = [logging.getLogger(name) for name in ("alembic", "httpx", "websockets")]
    before = [log.level for log in logs]
    for log in logs:
        log.setLevel(logging.NOTSET)
    assert shell.run(["when", "-h"]) == 0
    yield {log.name: log.level for log in logs}
    for log, level in zip(logs, before, strict=True):
        log.setLevel(level)


@pytest.fixture(params=list(KITS))
def kit(
    request: pytest.FixtureRequest, tmp_path: Path, caplog: pytest.LogCaptureFixture, levels: dict[str, int]
) -> Iterator[Kit]:
    """Give a channel, open; whatever a test does with it, no secret is told."""
    for name, level in levels.items():
        caplog.set_level(level, name)
    caplog.set_level(logging.DEBUG)
    kind = KITS[request.param]
    made = kind(tmp_path, request.getfixturevalue(kind.stand_in) if kind.stand_in else None)
    made.begins()
    yield made
    records = [*caplog.get_records("setup"), *caplog.get_records("call")]
    made.ends("\n".join(f"{record.name} {record.getMessage()} {record.exc_text}" for record in records))


ASCII = str.maketrans("＊｀＜＞［］～｜＼＃－＋", "*`<>[]~|\\#-+")


def as_read(text: str) -> str:
    """Return what a reader takes a text for: signs that look the same are the same."""
    return text.translate(ASCII)


def is_chinese(why: str) -> bool:
    """Tell whether people can read a reason."""
    return re.search(r"[\u4e00-\u9fff]{2}", why) is not None


# ---------------------------------------------------------------- texts


def test_a_plain_message_arrives(kit: Kit) -> None:
    assert kit.arrives("请于10月8日前报送进展").text == "请于10月8日前报送进展"


def test_a_channel_tells_who_it_is_and_whether_it_is_ready(kit: Kit) -> None:
    assert isinstance(kit.channel.ready, bool)
    assert kit.channel.ready
    assert isinstance(kit.channel.name, str)
    assert kit.can(kit.channel.abilities) == kit.can(kit.abilities)


WHERE_IT_SAYS_SO = {
    "changes.unasked": (lambda abilities: abilities.changes.unasked, Edits),
    "changes.at_a_press": (lambda abilities: abilities.changes.at_a_press, Redraws),
    "toasts": (lambda abilities: abilities.toasts, Answers),
    "hears": (lambda abilities: abilities.hears, Listens | IsCalled),
}
"""What a channel says of itself as data, and the protocol that it then has."""


@with_("a service")
def test_what_a_channel_says_it_can_it_can(kit: Kit) -> None:
    """It need not be the other way round: an application that is set up to hear nothing has its methods all the same."""
    channel = kit.channel
    missing = [
        name
        for name, (says, can) in WHERE_IT_SAYS_SO.items()
        if says(channel.abilities) and not isinstance(channel, can)
    ]
    assert missing == []
    assert not isinstance(channel, Redraws) or channel.abilities.changes.at_a_press
    assert not isinstance(channel, Listens | IsCalled) or channel.abilities.hears


def longest(kit: Kit) -> str:
    """Return a text that just fits."""
    room: int = kit.channel.abilities.limit
    wide = kit.channel.abilities.measure.endswith("bytes")
    text = "督" * (room // 3) + "a" * (room % 3) if wide else "督" * room
    assert kit.channel.abilities.fits(text)
    assert not kit.channel.abilities.fits(f"{text}a")
    return text


def test_the_longest_message_that_fits_arrives_whole_with_all_that_goes_with_it(kit: Kit) -> None:
    text, abilities = longest(kit), kit.channel.abilities
    assert text in kit.arrives(text).text
    whole = kit.arrives(
        text,
        mark="〔#123456.12〕" if abilities.quotes else "",
        mentions={kit.person: "张工"} if abilities.mentions else {},
    )
    assert text in whole.text


@with_("a service")
def test_a_message_that_is_too_long_is_rejected_and_the_chat_lives_on(kit: Kit) -> None:
    for times in (2, 20):
        result = kit.sends(longest(kit) * times)
        assert isinstance(result, Rejected)
        assert not result.chat_is_dead
        assert is_chinese(result.why)
    if kit.channel.abilities.captions and kit.channel.abilities.files:
        assert isinstance(kit.sends("督" * 2 * kit.channel.abilities.caption_limit, file=kit.file()), Rejected)
    kit.arrives()


@pytest.mark.parametrize("sign", ["*", "<", "`", "[", "#", "🟢", "&", "\\", "_", "\x00"])
def test_a_message_of_strange_signs_alone_arrives_where_it_fits_and_is_no_crash_where_it_does_not(
    kit: Kit, sign: str
) -> None:
    room = kit.channel.abilities.limit
    for times in (room // 5, room // 4, room // 3, room, 3 * room):
        text = f"签{sign * times}收"
        result = kit.sends(text)
        assert isinstance(result, Sent if kit.channel.abilities.fits(text) else Sent | Rejected)


SIGNS = {
    "emoji": "🟢👨‍👩‍👧🇨🇳1️⃣",
    "half a sign": "\ud83d",
    "the other half": "\udfe2\udcff",
    "a zero": "\x00",
    "control signs": "\x01\x07\x08\x0b\x0c\x1b[31m\x7f\x85",
    "line ends": "\r\n\u2028\u2029\t",
    "directions": "\u202e\u2066\u200f\u2069",
    "no signs": "\ufffe\uffff\U0010ffff\ufeff",
}


@pytest.mark.parametrize("signs", list(SIGNS.values()), ids=list(SIGNS))
def test_no_sign_keeps_a_message_from_arriving(kit: Kit, signs: str) -> None:
    seen = kit.arrives(f"【提醒】甲{signs}乙\n丙{signs}丁")
    assert re.fullmatch(r"【提醒】甲(.*)乙\n丙(.*)丁", seen.text, re.DOTALL)
    assert signs != SIGNS["emoji"] or signs in seen.text
    assert not kit.plain_signs or re.search(r"[\x00-\x08\x0b-\x1f\ud800-\udfff]", seen.text) is None


@with_("cards")
@pytest.mark.parametrize("signs", list(SIGNS.values()), ids=list(SIGNS))
def test_no_sign_keeps_a_card_from_arriving(kit: Kit, signs: str) -> None:
    words = f"甲{signs}"
    face = Face(words, words, words * 30, ((words, words),), (words,))
    seen = kit.arrives(words, face=face, buttons=(Button("收到", "a:1:0"),))
    assert re.search(r"[\x00-\x08\x0b-\x1f\ud800-\udfff]", seen.text) is None
    assert kit.presses(seen, "a:1:0").press == "a:1:0"


MARKUP = [
    "<b>粗</b> <i>斜</i> <a href='http://example.com'>链接</a>",
    "<@{person}> <@all> @all @{person}",
    "[链接](http://example.com/x) ![图](http://example.com/y.png)",
    "**粗** *斜* ~~删~~ ||藏||",
    "`代码` ```块```",
    "&lt;b&gt; &amp; & &#60;",
    "# 标题\n## 标题\n- 项\n+ 项\n> 引用",
    '<font color="warning">警</font>',
    "a|b\n-|-\n1|2",
    "</b></font>]]>\\*\\<",
    "【不是标题】**",
]


@pytest.mark.parametrize("markup", MARKUP)
def test_what_looks_like_markup_is_read_as_words_and_mentions_nobody(kit: Kit, markup: str) -> None:
    words = markup.format(person=kit.person) if "{person}" in markup else markup
    for text in (words, f"【提醒】清单\n{words}", f"【提醒】{words}"):
        seen = kit.arrives(text)
        assert text in as_read(seen.text)
        assert getattr(seen, "mentions", []) == []


@with_("cards")
@pytest.mark.parametrize("markup", MARKUP)
def test_what_looks_like_markup_on_a_card_is_read_as_words(kit: Kit, markup: str) -> None:
    words = markup.format(person=kit.person) if "{person}" in markup else markup
    seen = kit.arrives(words, face=Face("【提醒】", "", words), buttons=(Button("收到", "a:1:0"),))
    assert words in as_read(seen.text)
    assert seen.mentions == []


# ---------------------------------------------------------------- files

NAMES = [
    "报告.pdf", "../../etc/passwd", "..\\..\\windows\\system.ini", "/etc/passwd", "C:\\报告.pdf", "a\x00b.pdf",
    "长" * 300 + ".pdf", "🟢" * 300 + ".pdf", "x" * 300, "报告\u202efdp.exe", "\u2066报告\u2069.pdf", "", " ", ".", "..",
    "a\ud800b.pdf", "\ud83d", 'a"b\r\nX-Evil: 1.pdf', "a;b=c.pdf", "<b>.pdf", "*?|:.pdf", "\u2028a\u2029.pdf", ".pdf",
]  # fmt: skip

HARMFUL = re.compile(r"[\x00-\x1f\x7f-\x9f/\\\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


@with_("files")
@pytest.mark.parametrize("name", NAMES, ids=[repr(name)[:24] for name in NAMES])
@pytest.mark.parametrize("caption", ["", "佐证〔A-1〕省经信厅："])
def test_a_file_arrives_whole_under_a_harmless_name(kit: Kit, name: str, caption: str) -> None:
    seen = kit.arrives(f"{caption}{name}"[:200], file=kit.file(name, b"%PDF-1.7 " + name.encode("utf-8", "replace")))
    assert seen.content == b"%PDF-1.7 " + name.encode("utf-8", "replace")
    assert HARMFUL.search(seen.file) is None
    assert seen.file.strip(" .")
    assert len(seen.file.encode()) <= 255
    assert name != "报告.pdf" or seen.file.endswith("报告.pdf")
    assert not name.endswith(".pdf") or seen.file.endswith("pdf")


@with_("files")
def test_a_file_that_is_empty_or_gone_or_no_file_is_rejected_and_the_chat_lives_on(kit: Kit) -> None:
    for file in (kit.file(content=b""), Attachment("报告.pdf", kit.folder / "gone"), Attachment("夹", kit.folder)):
        result = kit.sends("佐证：报告.pdf", file=file)
        assert isinstance(result, Rejected)
        assert not result.chat_is_dead
        assert is_chinese(result.why)
    assert kit.seen == []
    kit.arrives("报告.pdf", file=kit.file())


@with_("files")
def test_a_file_of_one_byte_is_no_crash_and_no_wrong_call(kit: Kit) -> None:
    assert isinstance(kit.sends("报告.txt", file=kit.file("报告.txt", b"1")), Sent | Rejected)


# ---------------------------------------------------------------- what the service answers


@with_("a service")
def test_a_dead_chat_is_told_with_a_reason_that_people_can_read(kit: Kit) -> None:
    kit.dies()
    for file in (None, kit.file() if kit.channel.abilities.files else None):
        result = kit.sends(file=file)
        assert isinstance(result, Rejected)
        assert result.chat_is_dead
        assert is_chinese(result.why)
    kit.arrives(chat=kit.room)


@pytest.mark.parametrize(
    "chat", ["nowhere", "", "没有这个会话", "-100", "1/2/3", "12345678901234567890", "@all", "a|b"]
)
@with_("a service")
def test_a_chat_that_there_never_was_is_dead(kit: Kit, chat: str) -> None:
    result = kit.sends(chat=chat)
    assert isinstance(result, Rejected)
    assert result.chat_is_dead
    assert is_chinese(result.why)
    assert kit.seen == []


@with_("a service")
def test_a_service_that_is_not_there_is_tried_again(kit: Kit) -> None:
    channel = kit.keeps(kit.lonely())
    assert isinstance(kit.sends(channel=channel), Retry)
    if kit.channel.abilities.files:
        assert isinstance(kit.sends(channel=channel, file=kit.file()), Retry)


@with_("a service")
def test_a_service_that_is_not_there_cannot_be_opened_and_says_so_in_one_way(kit: Kit) -> None:
    channel = kit.keeps(kit.lonely())
    for why in kit.meetings_of(channel):
        assert why is None or why


@with_("a service")
def test_a_service_that_is_busy_is_tried_again(kit: Kit) -> None:
    kit.goes_wrong("busy")
    result = kit.sends()
    assert isinstance(result, Retry)
    assert not result.whole_chat
    assert kit.seen == []
    kit.arrives()


@with_("a service")
@pytest.mark.parametrize("how", ["timeout", "reset"])
@pytest.mark.parametrize("accept", [False, True])
def test_what_was_taken_without_a_word_is_lost_and_nobody_says_more_of_it(kit: Kit, how: str, accept: bool) -> None:
    kit.begins(IMPATIENCE)
    kit.goes_wrong(how, accept=accept)
    result = kit.sends()
    assert isinstance(result, Lost)
    assert is_chinese(result.why)
    assert not accept or kit.api.wait_for(lambda: kit.seen)
    assert len(kit.seen) == accept
    kit.recovers()


@with_("uploads")
@pytest.mark.parametrize("how", ["timeout", "reset"])
def test_an_upload_that_breaks_off_has_told_nobody_anything(kit: Kit, how: str) -> None:
    kit.begins(IMPATIENCE)
    kit.goes_wrong(how, cmd=kit.upload, accept=True)
    assert isinstance(kit.sends(file=kit.file()), Retry)
    assert kit.seen == []
    kit.recovers()


@with_("a service")
def test_a_flood_stops_the_whole_chat_for_a_while(kit: Kit) -> None:
    kit.goes_wrong("flood")
    result = kit.sends()
    assert isinstance(result, Retry)
    assert result.whole_chat
    assert result.after is not None
    assert result.after > 0
    assert kit.seen == []
    kit.arrives(chat=kit.room)


GARBAGE = {
    "a page": (200, b"<html><title>502</title> SECRET </html>"),
    "a page of a gateway": (502, b"<html>502 Bad Gateway SECRET </html>"),
    "a page that is not found": (404, b"<html>404 SECRET </html>"),
    "a page that is refused": (403, b"<html>SECRET</html>"),
    "somewhere else": (302, b""),
    "nothing": (200, b""),
    "null": (200, b"null"),
    "a number": (200, b"7"),
    "a list": (200, b'[{"errcode": 0}]'),
    "a text": (200, b'"ok"'),
    "an empty object": (200, b"{}"),
    "an empty object that is refused": (400, b"{}"),
    "a yes without more": (200, b'{"ok": true}'),
    "a no without more": (200, b'{"ok": false}'),
    "a yes of another kind": (200, b'{"ok": true, "result": 7, "errcode": false}'),
    "a yes with a message that is none": (200, b'{"ok": true, "result": {"message_id": []}, "errcode": 0.0}'),
    "a no of another kind": (400, b'{"ok": false, "description": ["SECRET"], "parameters": [1], "errcode": []}'),
    "a flood of another kind": (429, b'{"ok": false, "parameters": {"retry_after": "soon"}, "errcode": {}}'),
    "a code that is a text": (200, b'{"errcode": "0", "errmsg": 7}'),
    "a code that is null": (200, b'{"errcode": null, "errmsg": null}'),
    "half an object": (200, b'{"errcode": 0, "ok": tr'),
    "no end of brackets": (200, b"[" * 100_000),
    "no text": (200, b'{"errcode": 0, "ok": true, "result": "\xff'),
}


def garbage_of(kit: Kit, which: str) -> tuple[int, bytes]:
    """Return an answer that is none, which repeats what it was asked."""
    status, body = GARBAGE[which]
    return status, body.replace(b"SECRET", " ".join(kit.secrets).encode())


@with_("a service")
@pytest.mark.parametrize("which", list(GARBAGE))
def test_an_answer_that_is_none_is_no_crash_and_no_success(kit: Kit, which: str) -> None:
    kit.begins(IMPATIENCE)
    kit.babbles(*garbage_of(kit, which))
    result = kit.sends()
    assert isinstance(result, Retry | Lost)
    assert len(result.why) < 200
    if kit.channel.abilities.files:
        assert isinstance(kit.sends(file=kit.file()), Retry | Lost)
    if kit.channel.abilities.buttons:
        assert isinstance(kit.sends(face=FACE, buttons=(Button("收到", "a:1:0"),)), Retry | Lost)
    kit.recovers()


@with_("uploads")
def test_an_upload_that_gets_a_yes_and_no_number_is_tried_again(kit: Kit) -> None:
    kit.babbles(200, b'{"errcode": 0, "errmsg": "ok"}')
    assert isinstance(kit.sends(file=kit.file()), Retry)
    kit.babbles(200, b'{"errcode": 0, "errmsg": "ok", "media_id": 7, "body": {"upload_id": 7, "media_id": null}}')
    assert isinstance(kit.sends(file=kit.file()), Retry)
    kit.recovers()
    kit.arrives(file=kit.file())


@with_("a service")
@pytest.mark.parametrize("which", list(GARBAGE))
def test_a_service_that_talks_nonsense_is_not_opened_and_no_crash(kit: Kit, which: str) -> None:
    kit.babbles(*garbage_of(kit, which))
    channel = kit.keeps(kit.make(IMPATIENCE))
    for why in kit.meetings_of(channel):
        assert why is None or 0 < len(why) < 200


# ---------------------------------------------------------------- secrets


def test_wrong_secrets_are_told_without_them_and_nothing_is_sent(kit: Kit) -> None:
    """What is told is looked at in the end, by ``Kit.ends``."""
    for channel in [kit.keeps(one) for one in kit.strangers()]:
        for why in kit.meetings_of(channel):
            assert why is None or is_chinese(why)
        assert not isinstance(kit.sends(channel=channel), Sent)
    assert kit.seen == []


def test_no_way_of_setting_it_up_tells_a_secret(kit: Kit) -> None:
    for channel in [kit.keeps(one) for one in kit.variants()]:
        kit.does(kit.opens(channel))
        assert isinstance(kit.sends(channel=channel), Sent)


# ---------------------------------------------------------------- more than one


@with_("a service")
def test_two_messages_at_once_get_each_its_own_answer(kit: Kit) -> None:
    kit.dies()
    for _again in range(3):
        chats = (kit.room, kit.chat, kit.chat, kit.room)
        results = kit.sends_at_once(*({"chat": chat, "key": f"{place}-1-1"} for place, chat in enumerate(chats)))
        assert [type(result) for result in results] == [Sent, Rejected, Rejected, Sent]


@with_("a service")
def test_one_message_that_is_never_answered_does_not_take_the_answer_of_another(kit: Kit) -> None:
    kit.begins(1.0)
    kit.goes_wrong("timeout", accept=True)
    lost, sent = kit.sends_at_once({"key": "1-1-1"}, {"key": "2-1-1", "chat": kit.room})
    assert isinstance(lost, Lost)
    assert isinstance(sent, Sent)


@with_("buttons", "numbers")
def test_many_messages_at_once_get_each_its_own_number(kit: Kit) -> None:
    words = [f"第{number}条" for number in range(12)]
    results = kit.sends_at_once(
        *(
            {"text": text, "key": f"{place}-1-1", "face": Face(text), "buttons": (Button("收到", f"a:{place}:0"),)}
            for place, text in enumerate(words)
        )
    )
    by_number = {str(one.id): one for one in kit.seen}
    for place, result in enumerate(results):
        assert isinstance(result, Sent)
        seen = by_number[result.message_id or ""]
        assert words[place] in seen.text
        assert kit.presses(seen, f"a:{place}:0").message_id == result.message_id


def test_closing_twice_is_harmless_and_who_sends_after_it_is_told_to_wait(kit: Kit) -> None:
    kit.does(kit.closes(kit.channel))
    kit.does(kit.closes(kit.channel))
    assert not kit.stand_in or isinstance(kit.sends(), Retry)
    kit.begins()
    kit.arrives()


# ---------------------------------------------------------------- buttons


@with_("buttons")
@pytest.mark.parametrize("count", [1, 4, 6, 9])
@pytest.mark.parametrize(("label", "data"), [(4, 4), (30, 4), (4, 64), (30, 64)])
def test_buttons_of_every_shape_can_be_pressed_and_bring_their_data(
    kit: Kit, count: int, label: int, data: int
) -> None:
    tail = "督" * ((data - 4) // 3)
    buttons = tuple(Button(f"{number}项".ljust(label, "长"), f"o:{number}:{tail}") for number in range(count))
    assert all((len(one.label), len(one.data.encode())) == (label, data) for one in buttons)
    result = kit.sends("【交办通知】清单", face=FACE, buttons=buttons)
    assert isinstance(result, Sent)
    for button in buttons:
        press = kit.presses(kit.seen[-1], button.data)
        assert (press.press, press.message_id) == (button.data, result.message_id)
        assert press.chat == kit.chat


@with_("cards")
@pytest.mark.parametrize("things", [1, 2, 10])
@pytest.mark.parametrize("acts", [1, 5])
def test_a_choice_brings_the_act_and_the_thing(kit: Kit, things: int, acts: int) -> None:
    picker = Picker(
        tuple(Button(f"A-{number} 6月30日", f"{number}:{number}") for number in range(things)),
        tuple(Button(word, word[0]) for word in ("acknowledge", "progress", "done", "extend", "open")[:acts]),
    )
    result = kit.sends("长文", face=FACE, picker=picker)
    assert isinstance(result, Sent)
    for thing in picker.things:
        for act in picker.acts:
            assert kit.presses(kit.seen[-1], f"{act.data}:{thing.data}").press == f"{act.data}:{thing.data}"


# ---------------------------------------------------------------- with the outbox behind it


@pytest.fixture
def house(kit: Kit) -> Iterator[House]:
    made = House(kit)
    yield made
    made.store.close()


def test_a_notice_of_two_hundred_items_becomes_messages_that_all_arrive(house: House) -> None:
    house.assigns(200)
    if house.kit.stand_in:
        house.kit.api.limits = False
    abilities, kit = house.kit.channel.abilities, house.kit
    parts = house.parts()
    for place, part in enumerate(parts, 1):
        assert abilities.fits(part.text)
        seen = kit.arrives(
            part.text, buttons=part.buttons, face=part.face, picker=part.picker, mark=part.mark, key=f"1-{place}-1"
        )
        assert part.face is not None or part.text in as_read(seen.text)
        for button in part.buttons:
            assert kit.presses(seen, button.data).press == button.data
    whole = "".join(house.heard())
    assert [number for number in range(1, 201) if whole.count(f"〔A-{number}〕") != 1] == []


def test_every_part_of_a_long_notice_arrives_once_through_restarts_and_troubles(house: House) -> None:
    house.assigns(200)
    house.works(2)
    house.starts()
    if house.kit.stand_in:
        house.kit.goes_wrong("busy")
    house.works(2)
    house.starts()
    house.finishes()
    seen = [(one.text, str(one.buttons), str(getattr(one, "picks", ""))) for one in house.kit.seen]
    assert len(seen) == len(set(seen)) > 1
    whole = "".join(house.heard())
    assert [number for number in range(1, 201) if whole.count(f"〔A-{number}〕") != 1] == []
    with house.store.read() as session:
        slip = session.exec(select(Notice).where(Notice.kind == NoticeKind.SLIP)).one()
        assert slip.state is DeliveryState.SENT
        assert outbox.sent_parts(session, slip.id) == set(range(1, len(seen) + 1))


def test_a_later_message_of_a_long_notice_says_nothing_of_what_was_reported_since_the_first(house: House) -> None:
    house.assigns(200)
    house.works(1)
    told = house.heard()
    begun, *wholly, _some, last = house.waits()
    wholly = [numbers for numbers in wholly if numbers not in (begun, last)]
    reported = {*(number for numbers in wholly for number in numbers), *last[::2]}
    assert reported
    house.reports(reported)
    house.finishes()
    later = "".join(house.heard()[len(told) :])
    assert [number for number in range(1, 201) if f"〔A-{number}〕" in later and number in reported] == []
    whole = "".join(house.heard())
    assert [number for number in range(1, 201) if number not in reported and whole.count(f"〔A-{number}〕") != 1] == []
    assert house.waits() == []


def test_what_is_left_of_a_long_notice_does_not_go_out_when_all_of_it_is_reported(house: House) -> None:
    house.assigns(200)
    house.works(1)
    told = house.heard()
    house.reports({number for numbers in house.waits() for number in numbers})
    house.finishes()
    assert house.heard() == told


@with_("a service")
def test_a_retry_time_is_honoured_after_a_restart(house: House) -> None:
    first, second = house.tells("第一条"), house.tells("第二条")
    house.kit.goes_wrong("flood")
    house.works()
    until = house.chat().retry_at
    assert until is not None
    assert until > house.clock.now() + timedelta(seconds=30)
    house.starts()
    house.clock.turn_to(until - timedelta(seconds=1))
    house.works()
    assert house.heard() == []
    house.finishes()
    assert house.clock.now() >= until
    assert house.heard() == ["第一条", "第二条"]
    assert [house.notice(number).state for number in (first, second)] == [DeliveryState.SENT] * 2


@with_("a service")
def test_a_dead_route_is_written_down_and_the_coordinators_are_told_once(house: House) -> None:
    first, second = house.tells("第一条"), house.tells("第二条")
    house.kit.dies()
    routine = Routine(house.store, house.desk)
    for _again in range(3):
        house.works()
        while routine.dead_chats(house.clock.now()):
            pass
        house.finishes()
        house.starts()
    why = house.chat().dead_why
    assert why is not None
    assert is_chinese(why)
    assert [house.notice(number).state for number in (first, second)] == [DeliveryState.NO_ROUTE] * 2
    assert house.heard() == []
    (told,) = house.heard(chat=house.kit.room)
    assert f"会话失效：{ECONOMY}" in told
    assert why in as_read(told)
