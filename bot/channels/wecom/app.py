"""The self-built application 自建应用: private notices to people of our corporation, on cards that can be changed.

Sources: 90236 (messages), 94888 (changing cards), 90930 (calls to our address), 90239 and 90240 (what they bring).
Without an address of ours nothing comes back, and the service takes no buttons.
"""

import logging
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.channels.incoming import Answer, Attached, Call, File, Incoming, Refused, Unfetched
from bot.channels.wecom.api import (
    API_URL,
    DEAD,
    PATIENCE,
    UNTRUSTED,
    Api,
    Download,
    Tokens,
    Told,
    Unsent,
    content_of,
    media_in,
    refusal_of,
    trouble,
    written,
)
from bot.channels.wecom.cards import HOME, Frame, card, file_name, notice_card, pressed, selected_in
from bot.channels.wecom.crypto import BadCallback, Cipher, Guard, parse_xml
from jobs.ports import Abilities, Changes, Edit, Outgoing, Pace, Rejected, SendResult, Sent

log = logging.getLogger(__name__)

MARKDOWN = 2048
"""Bytes of an application's message; what is over ``limit`` is room for full-width marks."""

ABILITIES = Abilities(
    title="企业微信应用",
    changes=Changes.ONCE,
    files=True,
    captions=False,
    names=False,
    announces=False,
    card_text=112,
    limit=2000,
    measure="wide bytes",
    hint="请按按钮",
    people="wecom",
    bind_word="绑定",
    answer_word="直接回复",
    file_word="直接发送文件",
    list_word="把清单或方案的文件发来",
    pace=Pace(per_chat=((30, 61.0), (1000, 3601.0)), avoid=frozenset({0, 30})),
)
"""30 messages a minute and 1,000 an hour to one person; what is over that is dropped without a word (90454). The service
asks that nothing automatic goes out at the full and the half hour."""

STALE = frozenset({40014, 42001})
"""The token holds no longer: it is fetched once and the same asked once more."""

WRONG_SECRET = frozenset({40001, 40013, 40091, 41002, 41004})
"""The corporation's id or the application's secret is wrong."""

CLOSED_CODES = frozenset({40029, 42003, 42014, 42015, 42016, 42022})
"""A card cannot be changed with this code: it was used, is over 72 hours old, or is another's (90313)."""

CLOSED = "卡片已不能更新"
NOT_REACHED = DEAD[81013]
NOT_FETCHED = "未能取回，请重新发送"

TITLE = "企业微信私信"

_ACCOUNT = re.compile(r"[0-9A-Za-z][0-9A-Za-z_.@-]{0,63}")
"""What an account looks like (90313, error 40003): nobody writes to ``@all``, or to several, by a strange one."""

_FILES = {"image": ("图片", ".jpg"), "voice": ("语音", ".amr"), "video": ("视频", ".mp4"), "file": ("文件", "")}
"""Kinds of message that are files, with the name until the download tells a better one (90239)."""


class WecomApp:
    """One self-built application."""

    name = "wecom_app"
    ready = True
    addresses: tuple[str, ...]

    def __init__(
        self,
        corp_id: str,
        secret: str,
        agent_id: int,
        *,
        now: Callable[[], datetime],
        token: str | None = None,
        aes_key: str | None = None,
        api_url: str = API_URL,
        patience: float = PATIENCE,
        home: str = HOME,
    ) -> None:
        """Prepare; nothing is asked of the service yet. ``patience`` is how many seconds an answer may take.

        With ``token`` and ``aes_key`` the service calls us with what people say and press; ``now`` is the real time,
        by which a call is known to be new. ``home`` is where a card without buttons leads. Raise ``Refused`` where the
        key is no key.
        """
        self.addresses, self._agent, self._home, self._now = (api_url,), agent_id, home, now
        self._api = Api(api_url, patience)
        self._tokens = Tokens(self._api, corp_id, secret)
        self._salt = secrets.token_hex(4)  # ids of cards must be new for good, also after a new database
        self._guard = _guard(token, aes_key, corp_id) if token and aes_key else None
        self.calls = self._guard is not None
        self.abilities = ABILITIES
        if not self.calls:
            self.abilities = replace(
                ABILITIES,
                buttons=False,
                hears=False,
                changes=Changes.NEVER,
                answer_word="到督办机器人所在的群里答复",
                hint="请到群里办理",
            )

    # ------------------------------------------------------------ opening and closing

    async def introduce(self) -> None:
        """Ask for a token.

        Raise ``Refused`` where the service does not know us, ``ConnectionError`` where it may work later.
        """
        try:
            await self._tokens.get()
        except Unsent as unsent:
            if unsent.code in WRONG_SECRET:
                raise Refused(
                    "企业微信的企业ID或应用Secret不对；请核对 DUBAN_WECOM_CORP_ID / DUBAN_WECOM_APP_SECRET"
                ) from None
            if unsent.code == UNTRUSTED:
                raise Refused(unsent.why) from None
            raise ConnectionError(unsent.why) from None

    async def open(self) -> None:
        """Make sure that the service knows us; raise as ``introduce`` does."""
        await self.introduce()

    async def close(self) -> None:
        """Let go of the connections."""
        await self._api.close()

    @property
    def greeting(self) -> str:
        """Who we are there."""
        return f"企业微信应用 {self._agent}"

    # ------------------------------------------------------------ sending

    async def send(self, outgoing: Outgoing) -> SendResult:
        """Send one message to one person; answer a ``SendResult``, and never raise for the service.

        Sent means accepted: what is over the pace the service drops in silence.
        """
        if not _ACCOUNT.fullmatch(outgoing.chat):
            return Rejected("成员账号不对", chat_is_dead=True)
        task_id = f"{outgoing.key}@{self._salt}"
        try:
            content = await self._content(outgoing, task_id)
            told = await self._ask("message/send", {"touser": outgoing.chat, "agentid": self._agent, **content})
        except Unsent as unsent:
            return unsent.result
        return _outcome(told, task_id)

    async def _content(self, outgoing: Outgoing, task_id: str) -> Frame:
        if outgoing.file is not None:
            return await self._file(await content_of(outgoing.file, outgoing.text))
        if outgoing.face is None or (self.calls and not (outgoing.buttons or outgoing.picker)):
            return written(outgoing.text, outgoing.mark, MARKDOWN)
        if self.calls:
            made = card(outgoing.face, outgoing.buttons, outgoing.picker, outgoing.mark, task_id, self._home)
        else:
            made = notice_card(outgoing.face, outgoing.mark, self._home)
        return {"msgtype": "template_card", "template_card": made}

    async def _file(self, content: tuple[str, bytes]) -> Frame:
        try:
            told = await self._ask("media/upload", params={"type": "file"}, file=content)
        except Unsent as unsent:
            raise unsent.before from None
        return {"msgtype": "file", "file": {"media_id": media_in(told)}}

    async def edit(self, edit: Edit) -> SendResult:
        """Change a card with the code that came when it was sent; each code works once."""
        return await self._update(edit, edit.handle)

    async def redraw(self, press_id: str, edit: Edit) -> SendResult:
        """Change a card with the code that came with the press on it."""
        return await self._update(edit, press_id)

    async def _update(self, edit: Edit, code: str | None) -> SendResult:
        if not code or edit.face is None:
            return Rejected(CLOSED)
        made = card(edit.face, edit.buttons, edit.picker, edit.mark, edit.message_id, self._home)
        body = {"userids": [edit.chat], "agentid": self._agent, "response_code": code, "template_card": made}
        try:
            told = await self._ask("message/update_template_card", body)
        except Unsent as unsent:
            return unsent.result
        if told.code in CLOSED_CODES or (told.code and "response_code" in told.text):
            return Rejected(CLOSED)
        return _outcome(told, edit.message_id)

    async def _ask(
        self,
        path: str,
        body: Any = None,
        *,
        params: Mapping[str, str] | None = None,
        file: tuple[str, bytes] | None = None,
    ) -> Told:
        """Ask with our token, and once more with a new one; raise ``Unsent``."""
        token = await self._tokens.get()
        told = await self._api.ask("POST", path, {"access_token": token, **(params or {})}, body, file)
        if told.code not in STALE:
            return told
        self._tokens.drop(token)
        token = await self._tokens.get()
        return await self._api.ask("POST", path, {"access_token": token, **(params or {})}, body, file)

    # ------------------------------------------------------------ files from people

    async def fetch(self, attached: Attached, limit: int) -> File:
        """Return a file that somebody sent, at most three days ago; raise ``Unfetched``."""
        try:
            told = await self._download(attached.ref, limit)
            if isinstance(told, Told) and told.code in STALE:
                told = await self._download(attached.ref, limit)
        except Unsent as unsent:
            log.warning("file-not-fetched why=%s", unsent.why)
            raise Unfetched(NOT_FETCHED) from None
        if isinstance(told, Told):
            log.warning("file-not-fetched why=%s", trouble(told))
            raise Unfetched(NOT_FETCHED)
        return File(file_name(told.name or attached.name), told.content)

    async def _download(self, media: str, limit: int) -> Download | Told:
        token = await self._tokens.get()
        told = await self._api.download("media/get", {"access_token": token, "media_id": media}, limit)
        if isinstance(told, Told) and told.code in STALE:
            self._tokens.drop(token)
        return told

    # ------------------------------------------------------------ what is brought to us

    async def called(self, call: Call, hear: Callable[[Incoming], Any]) -> Answer:
        """Take what the service brought to our address; what does not come from it is answered with 403.

        It waits five seconds and then brings the same again; what could not be handled may come again.
        """
        if self._guard is None:
            return Answer(403)
        try:
            if call.method == "GET":
                return Answer(200, self._echo(self._guard, call))
            told = parse_xml(self._guard.open(call.query, _text(parse_xml(call.body), "Encrypt"), self._now()))
        except BadCallback as bad:
            log.warning("call-turned-away why=%s", bad)
            return Answer(403)
        incoming = self.parse(told)
        if incoming is not None:
            try:
                await hear(incoming)
            except BaseException:
                self._guard.forget(call.query)
                raise
        return Answer()

    def _echo(self, guard: Guard, call: Call) -> str:
        """Answer the service's test of our address; nobody gets a message decrypted this way."""
        echo = guard.open(call.query, call.query.get("echostr", ""), self._now())
        if "<" in echo:
            raise BadCallback("no echo")
        return echo

    def parse(self, told: Mapping[str, Any]) -> Incoming | None:
        """Turn what was brought into what the dialogue understands; None for what does not concern us."""
        person, kind = _text(told, "FromUserName"), _text(told, "MsgType")
        if not person or _text(told, "AgentID") not in ("", str(self._agent)):
            return None
        if kind == "event":
            return self._press(told, person) if _text(told, "Event") == "template_card_event" else None
        number, words = _text(told, "MsgId"), _text(told, "Content") if kind == "text" else ""
        attached = _attached(told, kind, number)
        if not number or not (words or attached):
            return None
        return Incoming(**self._who(person, number), text=words, attached=attached, message_id=f"m:{number}")

    def _press(self, told: Mapping[str, Any], person: str) -> Incoming | None:
        task, code = _text(told, "TaskId"), _text(told, "ResponseCode")
        data = pressed(_text(told, "EventKey"), selected_in(told.get("SelectedItems")))
        if not task or not data:
            return None
        number = f"{person}:{_text(told, 'CreateTime')}:{task}:{data}"
        return Incoming(**self._who(person, number), press=data, press_id=code or None, message_id=task)

    def _who(self, person: str, number: str) -> Frame:
        return {
            "channel": self.name,
            "external_id": f"{self._agent}:{number}",
            "chat": person,
            "chat_title": TITLE,
            "person": person,
            "person_name": "",
            "private": True,
            "addressed": True,
            "people": ABILITIES.people,
        }


def _guard(token: str, aes_key: str, corp_id: str) -> Guard:
    try:
        return Guard(Cipher(token, aes_key, corp_id))
    except ValueError:
        raise Refused(
            "企业微信应用的 EncodingAESKey 不对：须为43个字母和数字，请从应用的“接收消息”设置里复制"
        ) from None


def _outcome(told: Told, message_id: str) -> SendResult:
    if told.code:
        return refusal_of(told)
    if told.body.get("invaliduser") or told.body.get("unlicenseduser"):
        return Rejected(NOT_REACHED, chat_is_dead=True)
    handle = told.body.get("response_code")
    return Sent(message_id, handle if isinstance(handle, str) and handle else None)


def _attached(told: Mapping[str, Any], kind: str, number: str) -> tuple[Attached, ...]:
    media = _text(told, "MediaId")
    if kind not in _FILES or not media:
        return ()
    name, ending = _FILES[kind]
    return (Attached(_text(told, "FileName") or f"{name}{number}{ending}", media),)


def _text(told: Mapping[str, Any], name: str) -> str:
    value = told.get(name)
    return value if isinstance(value, str) else ""
