"""Recording: what a service said becomes rows, and so does what nobody will ever say."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from db import outbox, register
from db.kinds import KINDS
from db.models import Chat, Message, Notice
from db.session import apart, is_of_the_store
from db.words import DeliveryState, NoticeKind
from jobs.delivery import live, receipts, troubles
from jobs.delivery.tickets import Outcome, Pass
from jobs.planning.retry import backoff
from jobs.ports import Lost, Moved, Rejected, Retry, SendResult, Sent

log = logging.getLogger(__name__)

TOLD_FROM = timedelta(minutes=15)
"""A service that closes a chat to us for so long is told of; a shorter time is no more than a pause."""

INTERRUPTED = "发送途中程序中断"

STATES = {
    Sent: DeliveryState.SENT,
    Retry: DeliveryState.RETRYING,
    Moved: DeliveryState.RETRYING,
    Rejected: DeliveryState.FAILED,
    Lost: DeliveryState.UNKNOWN,
}
"""What a notice is after a service said this."""


def outcomes(here: Pass, landed: Sequence[Outcome]) -> None:
    """Write down what services said: what they took all together and so all changes, the rest and what fails there each
    by itself. Whoever else locks several messages does so in their order, too.
    """
    taken = [one for one in landed if isinstance(one.result, Sent) and not one.ticket.is_edit]
    refused = [one for one in landed if not isinstance(one.result, Sent) and not one.ticket.is_edit]
    changes = sorted((one for one in landed if one.ticket.is_edit), key=lambda one: one.ticket.changed)
    for one in (*_failing_together(here, taken, _taken), *refused):
        _outcome(here, one)
    for one in _failing_together(here, changes, _record_changes):
        _outcome(here, one)


def _failing_together(
    here: Pass, said: Sequence[Outcome], write: Callable[[Pass, Sequence[Outcome]], None]
) -> Sequence[Outcome]:
    """Write outcomes down in one savepoint and return those that are not: none, or all where something is wrong with one."""
    with here.session.no_autoflush:
        return said if said and apart(here.session, lambda: write(here, said)) is not None else ()


def _outcome(here: Pass, said: Outcome) -> None:
    """Write down what the service said, in a savepoint: where what follows from it fails, at least that."""
    here = here.as_of(said.ticket.at)
    try:
        with here.session.begin_nested(), here.session.no_autoflush:
            if said.ticket.is_edit:
                _record_changes(here, [said])
            elif isinstance(said.result, Sent):
                _taken(here, [said])
            else:
                _record(here, said)
            here.session.flush()
    except Exception as error:
        if is_of_the_store(error):
            raise
        log.error("notice-half-recorded notice=%s error=%s", said.ticket.notice_id, type(error).__name__)
        log.debug("notice-half-recorded notice=%s", said.ticket.notice_id, exc_info=error)
        _record_change_barely(here, said) if said.ticket.is_edit else _record_barely(here, said)


def _record_barely(here: Pass, said: Outcome) -> None:
    """Write down an outcome and nothing that follows from it, reading no row of it."""
    result, ticket, number = said.result, said.ticket, said.ticket.notice_id
    about, why = outbox.about(here.session, number), getattr(result, "why", None)
    if not outbox.is_this_try(about, ticket.tries):
        return
    if isinstance(result, Sent):
        outbox.record_taken(here.session, _outs(here, said))
    else:
        outbox.record_part(here.session, number, STATES[type(result)], why=why)
    if isinstance(result, Sent) and ticket.last < ticket.parts:
        outbox.rest_as(here.session, number, DeliveryState.QUEUED, None, priority=outbox.BEGUN)
    elif isinstance(result, Sent):
        outbox.rest_as(here.session, number, DeliveryState.SENT, None, sent_at=here.now, message_id=result.message_id)
    elif isinstance(result, Retry | Moved):
        wait = backoff(ticket.tries, f"notice:{number}")
        outbox.rest_as(here.session, number, DeliveryState.RETRYING, why, retry_at=here.real + wait)
    else:
        outbox.rest_as(here.session, number, STATES[type(result)], why)
        what = "是否送出不明" if isinstance(result, Lost) else "未能发出"
        troubles.tell(here, about, what, why or "")


def _taken(here: Pass, landed: Sequence[Outcome]) -> None:
    """Write down what services took, nothing of a try that somebody else has judged already."""
    judged = _still_on_their_way(here, landed)
    over: list[tuple[Notice, datetime]] = []
    for notice, said in judged:
        out = _outs(here, said)[0]
        notice.message_id = notice.message_id or out.external_id
        if said.ticket.last < said.ticket.parts:
            outbox.go_on(notice)
        else:
            outbox.finish(notice, DeliveryState.SENT, out.at)
            over.append((notice, out.at))
    here.session.flush()
    receipts.count(here.session, over)  # assignments before messages: acts lock them in that order
    outbox.record_taken(here.session, [out for _notice, said in judged for out in _outs(here, said)])
    told = {notice.broadcast_id: notice for notice, _said in judged if notice.kind is not NoticeKind.TALLY}
    for notice in told.values():
        live.tally_of(here.session, notice, here.now)


def _outs(here: Pass, said: Outcome) -> list[outbox.Out]:
    """Return what a service took: one message, or each file of an album."""
    assert isinstance(said.result, Sent)
    at, ticket = here.as_of(said.ticket.at).now, said.ticket
    more = (*said.result.others, *[None] * ticket.together)[: ticket.together - 1]
    first = outbox.Out(ticket.notice_id, ticket.part, said.result.message_id, said.result.handle, at)
    return [first, *(outbox.Out(ticket.notice_id, ticket.part + at_, one, None, at) for at_, one in enumerate(more, 1))]


def _still_on_their_way(here: Pass, landed: Sequence[Outcome]) -> list[tuple[Notice, Outcome]]:
    """Lock the notices of these tries and return those whose try nobody else has judged."""
    said = {one.ticket.notice_id: one for one in landed}
    still = []
    for notice in outbox.to_record(here.session, said) if said else ():
        one = said[notice.id]
        result = type(one.result).__name__.lower()
        if outbox.is_this_try(notice, one.ticket.tries):
            log.info("notice-sent notice=%s kind=%s outcome=%s", notice.id, notice.kind, result)
            still.append((notice, one))
        else:
            log.warning("notice-answered-too-late notice=%s outcome=%s", notice.id, result)
    return still


def _record(here: Pass, said: Outcome) -> None:
    """Write down why a service did not take something, or that nobody knows whether it did."""
    for notice, _said in _still_on_their_way(here, [said]):
        outbox.record_part(here.session, notice.id, STATES[type(said.result)], why=getattr(said.result, "why", None))
        if said.ticket.together > 1 and isinstance(said.result, Rejected) and not said.result.chat_is_dead:
            outbox.try_again(notice, timedelta(0), said.result.why, here.real)  # one by one: one of them may be bad
        else:
            _not_taken(here, notice, said.result)
        live.tally_of(here.session, notice, here.now)


def _not_taken(here: Pass, notice: Notice, result: SendResult) -> None:
    match result:
        case Retry():
            _later(here, notice, result)
        case Moved():
            _moved(here, notice, result)
        case Rejected():
            _rejected(here, notice, result)
        case Lost():
            _unknown(here, notice, result.why)


def _later(here: Pass, notice: Notice, result: Retry) -> None:
    """Try again later, for so many hours of real time from the first try on; what a service asks for is waited for."""
    policy = here.desk.policy_of(here.session, notice.campaign_id)
    since = here.real - (notice.tried_at or here.real)
    if since > timedelta(hours=policy.retry_hours) and result.after is None:
        _give_up(here, notice, result.why)
        return
    wait = backoff(notice.tries, f"notice:{notice.id}") if result.after is None else timedelta(seconds=result.after)
    outbox.try_again(notice, wait, result.why, here.real)
    _hold_chat(here, notice.chat_id, notice.kind, result, wait)


def _hold_chat(here: Pass, chat_id: int | None, kind: NoticeKind, result: Retry, wait: timedelta) -> None:
    """Leave a chat alone, and all topics of its group, where its service asks for that."""
    if result.whole_chat:
        chat = here.session.get_one(Chat, chat_id)
        outbox.hold_for_service(register.siblings(here.session, chat), wait, here.real)
        if wait >= TOLD_FROM and kind is not NoticeKind.FAILURE:
            troubles.tell_closed(here, chat, result.why)


def _moved(here: Pass, notice: Notice, result: Moved) -> None:
    register.move_chats(here.session, here.session.get_one(Chat, notice.chat_id), result.chat)
    here.session.refresh(notice)
    outbox.postpone(notice, here.now, result.why or None)
    _tell_moved(here, notice, result)


def _tell_moved(here: Pass, notice: Notice, result: Moved) -> None:
    if result.why:
        troubles.tell(here, notice, "改发到群里", result.why, "如需另设话题，请在新话题里重新绑定。")


def _rejected(here: Pass, notice: Notice, result: Rejected) -> None:
    if result.chat_is_dead:
        outbox.postpone(notice, here.now, result.why)
        outbox.lose(here.session, here.session.get_one(Chat, notice.chat_id), result.why, here.now)
        return
    _give_up(here, notice, result.why)


def _give_up(here: Pass, notice: Notice, why: str) -> None:
    outbox.finish(notice, DeliveryState.FAILED, here.now, why)
    troubles.tell(here, notice, "未能发出", why)


def _unknown(here: Pass, notice: Notice, why: str) -> None:
    outbox.finish(notice, DeliveryState.UNKNOWN, here.now, why)
    again = KINDS[notice.kind].resend and notice.resend_of is None
    if again:
        outbox.again(here.session, notice, here.now, resend_of=notice.id)
    if again and notice.kind is NoticeKind.DIGEST:  # the room would be asked to look into itself; it simply comes
        return
    advice = "已标注〔补发〕再发一次。" if again else "不自动重发，请向该群核实。"
    troubles.tell(here, notice, "是否送出不明", why, advice)


def settle(here: Pass, number: int) -> None:
    """Say of one abandoned notice that its outcome is unknown, in a savepoint: where what follows fails, at least that."""
    try:
        with here.session.begin_nested():
            _settle(here, here.session.get_one(Notice, number, populate_existing=True))
    except Exception as error:
        if is_of_the_store(error):
            raise
        log.error("notice-half-recorded notice=%s error=%s", number, type(error).__name__)
        outbox.record_part(here.session, number, DeliveryState.UNKNOWN, why=INTERRUPTED)
        outbox.rest_as(here.session, number, DeliveryState.UNKNOWN, INTERRUPTED)
        troubles.tell(here, outbox.about(here.session, number), "是否送出不明", INTERRUPTED)


def _settle(here: Pass, notice: Notice) -> None:
    outbox.record_part(here.session, notice.id, DeliveryState.UNKNOWN, why=INTERRUPTED)
    _unknown(here, notice, INTERRUPTED)
    live.tally_of(here.session, notice, here.now)


# ---------------------------------------------------------------- changes of messages that are out


def _record_changes(here: Pass, landed: Sequence[Outcome]) -> None:
    """Write down what services said to changes. One may be made twice: a try of unknown outcome is made again."""
    judged = _still_changing(here, landed)
    outbox.record_changes(
        here.session,
        [
            outbox.Changed(message.id, STATES[type(said.result)], getattr(said.result, "why", None))
            for message, said in judged
        ],
    )
    for message, said in judged:
        _changed(here.as_of(said.ticket.at), message, said)


def _still_changing(here: Pass, landed: Sequence[Outcome]) -> list[tuple[Message, Outcome]]:
    """Lock the messages of these changes and return those whose try nobody else has judged."""
    said = {one.ticket.changed: one for one in landed}
    still = []
    for message in outbox.to_change_all(here.session, said):
        one = said[message.id]
        result = type(one.result).__name__.lower()
        if message.changing and message.tries == one.ticket.tries:
            log.info("message-changed message=%s outcome=%s", message.id, result)
            still.append((message, one))
        else:
            log.warning("message-answered-too-late message=%s outcome=%s", message.id, result)
    return still


def _changed(here: Pass, message: Message, said: Outcome) -> None:
    result = said.result
    if isinstance(result, Sent):
        assert said.ticket.shows is not None, "a change knows what it shows"
        live.remember(message, said.ticket.shows, result.handle)
        outbox.at_rest(message)
        return
    notice = here.session.get_one(Notice, message.notice_id)
    match result:
        case Retry():
            _change_later(here, notice, message, result)
        case Lost():
            _change_later(here, notice, message, Retry(result.why))
        case Moved():
            outbox.put_off_change(message, here.now, here.now)
            register.move_chats(here.session, here.session.get_one(Chat, message.chat_id), result.chat)
            _tell_moved(here, notice, result)
        case Rejected():
            _cannot_change(here, notice, message, result)
    here.session.flush()


def _change_later(here: Pass, notice: Notice, message: Message, result: Retry) -> None:
    """Change it later, for as many hours as a message is tried; then what people were told stands."""
    policy = here.desk.policy_of(here.session, notice.campaign_id)
    since = here.real - (message.tried_at or here.real)
    if since > timedelta(hours=policy.retry_hours) and result.after is None:
        outbox.at_rest(message)
        return
    wait = backoff(message.failures + 1, f"message:{message.id}")
    wait = wait if result.after is None else timedelta(seconds=result.after)
    outbox.try_change_again(message, wait, here.now, here.real)
    _hold_chat(here, message.chat_id, notice.kind, result, wait)


def _cannot_change(here: Pass, notice: Notice, message: Message, result: Rejected) -> None:
    outbox.at_rest(message)
    if result.chat_is_dead:
        outbox.lose(here.session, here.session.get_one(Chat, message.chat_id), result.why, here.now)
    elif notice.kind is NoticeKind.TALLY:
        live.show_tally_anew(here.session, notice, here.now)
    else:
        live.follow_up(here.session, here.desk, notice, message, here.now)


def _record_change_barely(here: Pass, said: Outcome) -> None:
    """Write down what became of a change and nothing that follows from it, reading no row of it."""
    number = said.ticket.changed
    if outbox.is_this_change(here.session, number, said.ticket.tries):
        why = getattr(said.result, "why", None)
        outbox.record_changes(here.session, [outbox.Changed(number, STATES[type(said.result)], why)])
        outbox.let_go(here.session, [number])


def settle_change(here: Pass, number: int) -> None:
    """Let a change be made again that was on its way when its worker went away."""
    outbox.record_changes(here.session, [outbox.Changed(number, DeliveryState.RETRYING, INTERRUPTED)])
    message = here.session.get_one(Message, number, populate_existing=True)
    outbox.put_off_change(message, here.now, here.now)
