"""The file as a whole: every kind of notice and every answer, as Telegram and WeCom show them."""

from pathlib import Path

from bot.channels.telegram import channel as telegram
from bot.channels.wecom import ai_bot as wecom
from db.models import Notice
from db.words import NoticeKind, Reason
from jobs.notices.parts import Part
from jobs.notices.render import render, say
from jobs.ports import Abilities
from tests.messages.replies import REPLIES
from tests.messages.sample import NOTICES, NOW, TODAY, UNIT, Sample

SERVICES: tuple[Abilities, ...] = (telegram.ABILITIES, wecom.ABILITIES)
DOCUMENT = Path(__file__).parents[2] / "docs/messages.md"
TEMPLATES = Path(__file__).parents[2] / "templates/zh"

_HEAD = """# What duban says

Every kind of message and every answer, made from the templates with made-up data: `python -m tests.messages` writes this file, and a
test holds that it is up to date. Read it through like a person who gets these. ［ ］ are buttons; ▢ is a WeCom card, which the
text before it, if there is one, says in full. Where both services say the same it stands once.
"""


def written() -> str:
    """Return the whole file."""
    pieces = [_HEAD, "## 通知"]
    for kind in dict.fromkeys(sample.kind for sample in NOTICES if sample.kind is not NoticeKind.REPLY):
        pieces.append(f"### {kind.zh}（{kind}）")
        pieces += [_of_both(sample.title, [_notice(sample, service) for service in SERVICES])
                   for sample in NOTICES if sample.kind is kind]  # fmt: skip
    pieces.append("## 答复")
    for name, samples in sorted(REPLIES.items()):
        pieces.append(f"### {name}")
        pieces += [
            _of_both(title, [_reply(name, values, service) for service in SERVICES]) for title, values in samples
        ]
    return "\n\n".join(piece.strip() for piece in pieces) + "\n"


def _of_both(title: str, texts: list[str]) -> str:
    heading = [f"*{title}*"] if title else []
    if len(set(texts)) == 1:
        return "\n\n".join([*heading, _block(texts[0])])
    told = [f"{service.title}：\n\n{_block(text)}" for service, text in zip(SERVICES, texts, strict=True)]
    return "\n\n".join([*heading, *told])


def _block(text: str) -> str:
    return f"```text\n{text}\n```"


def notice_of(sample: Sample) -> Notice:
    """Return the notice of a sample, as a row keeps it."""
    notice = Notice(
        id=7,
        chat_id=1,
        unit_id=UNIT.id,
        campaign_id=1,
        kind=sample.kind,
        reason=Reason.MORNING,
        created_at=NOW,
        not_before=NOW,
        resend_of=6 if sample.again else None,
    )
    notice.carry(sample.body)
    return notice


def _notice(sample: Sample, service: Abilities) -> str:
    notice = notice_of(sample)
    return "\n\n".join(_part(part) for part in render(notice, sample.found, service, TODAY, sample.extra))


def _part(part: Part) -> str:
    """Return one message as it is seen: the text, its file, its buttons; or the card."""
    rows = [part.text] if part.face is None else ["▢ " + part.face.title, part.face.note, part.face.text]
    if part.face is not None:
        rows += [f"{name}：{value}" for name, value in part.face.fields]
    if part.file is not None:
        rows.append(f"📎 {part.file.name}")
    if part.picker is not None:
        rows += ["选一项：" + "｜".join(one.label for one in part.picker.things)]
        rows += ["怎样办理：" + "｜".join(one.label for one in part.picker.acts)]
    rows.append("".join(f"［{one.label}］" for one in part.buttons))
    return "\n".join(row for row in rows if row)


def _reply(name: str, values: dict[str, object], service: Abilities) -> str:
    how: dict[str, object] = {
        "file_word": service.file_word,
        "hint": service.hint,
        "today": TODAY,
        "spoken": service.spoken,
        "answer_word": service.answer_word,
    }
    return say(name, **(values | how | ({"bind": service.bind_word} if "bind" in values else {})))
