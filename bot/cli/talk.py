"""Talking in the console channel, and turning the crank once: say, tick."""

import asyncio
import uuid
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlmodel import col, select

from bot.channels.console import ConsoleChannel
from bot.channels.incoming import File, Incoming
from bot.cli.reading import Json
from bot.cli.shell import At, app
from bot.terminal import Failure, Misuse, say, say_json
from bot.wiring import House, build
from db import register
from db.models import Chat, Message
from db.session import Store
from jobs.delivery.deliverer import Deliverer, at_once
from jobs.notices.parts import Part
from jobs.planner import Planner
from jobs.ports import Outgoing
from jobs.routine import Routine


@app.command(name="say")
def say_(
    chat: Annotated[str, typer.Option(help="会话：单位名、协调室、领导群，或会话名")],
    who: Annotated[str, typer.Option("--as", help="谁在说话")],
    text: Annotated[str | None, typer.Argument(help="说的话")] = None,
    press: Annotated[str | None, typer.Option(help="按最近一条消息上的这个按钮")] = None,
    reply: Annotated[str | None, typer.Option(help="回复带这个编号的最近一条消息，如 A-7")] = None,
    file: Annotated[list[Path] | None, typer.Option(help="附上文件（可多次）")] = None,
    as_json: Json = False,
    at: At = None,
) -> None:
    """在本地会话里说一句话或按一个按钮，看机器人怎么答。"""
    if not (text or press or file):
        raise Misuse("请写要说的话，或用 --press 按按钮，或用 --file 附文件")
    house = build(at)
    heard: list[Outgoing] = []
    incoming = _incoming(house.store, chat, who, text or "", press, reply, file or [])
    outcome = house.inbox.take(incoming, house.now()).outcome
    deliver(house, heard)
    if as_json:
        say_json(
            {
                "outcome": outcome,
                "messages": [
                    {"chat": one.chat, "text": one.text, "buttons": [button.label for button in one.buttons]}
                    for one in heard
                ],
            }
        )
        return
    for one in heard:
        show(one)


def _incoming(
    store: Store, chat: str, who: str, text: str, press: str | None, reply: str | None, files: list[Path]
) -> Incoming:
    with store.read() as session:
        found = register.search_chats(session, chat)
        if found is None and press is None and reply is None:
            found = Chat(channel="console", external_id=chat, title=chat)
        if found is None or found.channel != "console":
            raise Failure(f"没有本地会话“{chat}”；请先绑定：duban bind --unit {chat}（协调室、领导群用 --room）")
        data, message = None, None
        if press is not None or reply is not None:
            data, message = _find(session, found, press, reply)
        return Incoming(
            channel="console",
            external_id=uuid.uuid4().hex,
            chat=found.external_id,
            chat_title=found.title,
            person=who,
            person_name=who,
            text=text,
            press=data,
            reply_to=message,
            message_id=f"u{uuid.uuid4().hex[:12]}",
            files=tuple(File(path.name, path.read_bytes()) for path in files),
        )


def _find(session: Any, chat: Chat, label: str | None, code: str | None) -> tuple[str | None, str | None]:
    """Return the data of the button and the id of the message, of the latest message that has what is asked for."""
    query = (
        select(Message)
        .where(Message.chat_id == chat.id, col(Message.out_at).is_not(None))
        .order_by(col(Message.out_at).desc(), col(Message.id).desc())
    )
    for message in session.exec(query):
        sent = Part.read(message.sent)
        if code is not None and f"〔{code.strip('〔〕').upper()}〕" not in sent.text:
            continue
        if label is None:
            return None, message.external_id
        for shown, data in sent.buttons:
            if shown.strip("〔〕") == label.strip("〔〕"):
                return data, None
    wanted = f"按钮“{label}”" if label else "消息"
    raise Failure(f"“{chat.title}”里没有带{f'〔{code}〕的' if code else ''}{wanted}")


def deliver(house: House, heard: list[Outgoing]) -> None:
    """Send what may go out on the console channel now, and collect it."""
    channel = ConsoleChannel(heard.append)
    deliverer = Deliverer(house.store, {channel.name: channel}, house.desk, "console", at_once, batch=100)

    async def until_idle() -> None:
        while await deliverer.step(house.now):
            pass

    asyncio.run(until_idle())


def show(outgoing: Outgoing) -> None:
    """Print one message as its chat sees it."""
    say(f"——{outgoing.chat}——")
    say(outgoing.text)
    if outgoing.buttons:
        say("  ".join(f"[{button.label}]" for button in outgoing.buttons))
    say()


@app.command()
def tick(as_json: Json = False, at: At = None) -> None:
    """把到点的事做一遍：计划、例行、发送（本地会话）；供试用和虚拟时钟的库。"""
    house = build(at)
    heard: list[Outgoing] = []
    work(house, house.now(), heard)
    if as_json:
        say_json([{"chat": one.chat, "text": one.text} for one in heard])
        return
    for one in heard:
        show(one)
    if not heard:
        say("没有要发的消息。")


def work(house: House, now: datetime, heard: list[Outgoing]) -> None:
    """Let every worker work at ``now`` until none has anything to do."""
    planner, routine = Planner(house.store, house.desk), Routine(house.store, house.desk)
    for step in (
        planner.step,
        routine.digest,
        routine.dead_chats,
        routine.rooms,
        routine.periods,
        routine.calls,
        routine.scores,
        routine.rounds,
    ):
        while step(now):
            pass
    deliver(house, heard)
