"""Commands on campaigns: import, edit, activate, rehearse, ledger, broadcast."""

import getpass
import hashlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer
from sqlmodel import Session

from bot.cli.reading import Issued, Json, Year
from bot.cli.shell import At, a_day, a_year, app
from bot.terminal import Failure, Misuse, progress, say, say_json, table
from db import ledger, register
from db.history import OPERATOR, Actor
from db.ledger import Which, ending
from db.ledger.acts import NotAllowed
from db.models import Broadcast, Campaign, Chat, Milestone, Task, Unit
from db.register import Held
from db.words import EVERY, OVER, UNENDED, CampaignStatus, ChatRole, PastChoice, Rank, Role
from jobs import broadcasts as work
from jobs.campaigns import correction
from jobs.notices.render import moment

if TYPE_CHECKING:
    from bot.wiring import House
    from jobs.campaigns.comparison import Revision
    from jobs.campaigns.import_ import Imported
    from jobs.reading.document import Document
from bot.tools.ledger_table import print_ledger

As = Annotated[str, typer.Option("--as", help="由谁办理：登记的协调员或领导的姓名")]


def get_campaign(session: Session, number: int) -> Campaign:
    """Return a campaign or fail in one line."""
    campaign = session.get(Campaign, number)
    if campaign is None:
        raise Failure(f"没有编号为 {number} 的专项行动；已有的见 duban campaign list")
    return campaign


@app.command(name="import")
def import_(
    file: Annotated[Path, typer.Argument(help="任务清单或方案")],
    year: Year = None,
    issued: Issued = None,
    revises: Annotated[int | None, typer.Option("--revise", help="这是该专项行动的修订稿：列出增、改、删")] = None,
    apply: Annotated[bool, typer.Option("--apply", help="与 --revise 同用：按修订稿更新")] = False,
    again: Annotated[bool, typer.Option("--again", help="重读同一文件（如换了 --year），代替待启动的那份")] = False,
    over: Annotated[bool, typer.Option("--over", help="与 --apply 同用：协调员更正过的也以修订稿为准")] = False,
    who: As = "",
    as_json: Json = False,
    at: At = None,
) -> None:
    """导入文件为待启动的专项行动；同一文件导入两次不会重复。修订稿用 --revise 比较，--apply 更新。"""
    from bot.wiring import build
    from jobs.campaigns.import_ import import_document
    from jobs.campaigns.likeness import alike
    from jobs.reading.guard import read_guarded

    with progress("读取") as tell:
        document = read_guarded(file, a_year(year), a_day(issued, "--issued"), tell)
    house = build(at)
    content = file.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    if revises is None or apply:
        house.desk.archive.keep(content)  # before the row that names it; a crash between leaves a file too many
    if revises is not None:
        _revise(house, revises, document, file.name, digest, apply=apply, over=over, who=who, as_json=as_json)
        return
    if apply:
        raise Misuse("--apply 要和 --revise 编号 同用")

    def store(session: Session) -> tuple["Imported", tuple[int | None, str] | None]:
        like = alike(session, document)
        similar = (like.id, like.title) if like is not None and like.source_hash != digest else None
        done = import_document(
            session,
            document,
            name=file.name,
            sha256=digest,
            timezone=house.settings.timezone,
            today=ledger.local_day(house.now(), house.settings.timezone),
            now=house.now(),
            actor=OPERATOR,
            again=again,
        )
        return done, similar

    done, similar = house.store.settle(store)
    told: dict[str, Any] = {
        "campaign": done.campaign.id,
        "tasks": done.tasks,
        "uncertain": done.uncertain,
        "past": done.past,
        "year": done.campaign.reference_year,
        "year_doubt": done.campaign.year_doubt,
    }
    if as_json:
        alike_units = [{"unit": one.unit.name, "known": one.known.name, "score": one.score} for one in done.suggestions]
        told |= {"new": done.new, "problems": len(document.problems), "suggestions": alike_units}
        say_json(told | {"similar": similar[0] if similar and done.new else None})
        return
    number, year = done.campaign.id, done.campaign.reference_year
    if done.new:
        say(f"已导入专项行动 {number}：{done.campaign.title}")
    else:
        say(f"该文件已导入为专项行动 {number}（{done.campaign.status.zh}），未作改动。")
    problems = len(done.campaign.problems)
    say(f"{done.tasks} 项任务，{done.uncertain} 处期限待核对，{done.past} 处已过期限，{problems} 处未读懂。")
    if done.campaign.status is not CampaignStatus.DRAFT:
        return
    if done.campaign.year_doubt:
        say(
            f"注意：按 {year} 年读入，但{done.campaign.year_doubt}。换一年重读：duban import {file} --year {done.campaign.other_year} --again"
        )
    elif not done.new:
        say(
            f"换一年重读：duban import {file} --year {done.campaign.other_year or '年份'} --again；不要了：duban campaign discard {number}"
        )
    if similar and done.new:
        say(
            f"它与专项行动 {similar[0]}《{similar[1]}》多处相同；如是修订稿，请改用 duban import {file} --revise {similar[0]}"
        )
    for one in done.suggestions:
        say(f"“{one.unit.name}”可能就是“{one.known.name}”（{one.score}分）：duban unit same 或 different 确认。")
    say(f"下一步：duban rehearse {file} …… 推演，或 duban activate {done.campaign.id} 启动。")


def _revise(
    house: "House",
    number: int,
    document: "Document",
    name: str,
    digest: str,
    *,
    apply: bool,
    over: bool,
    who: str,
    as_json: bool,
) -> None:
    """Compare a revised list with a campaign and, if asked, bring the campaign up to date."""
    from jobs.campaigns.comparison import compare
    from jobs.campaigns.revision import revise

    def compared(session: Session) -> "Revision":
        campaign = get_campaign(session, number)
        if campaign.status is CampaignStatus.ENDED:
            raise Failure(ending.epitaph(session, campaign))
        if not apply:
            return compare(session, campaign, document, over=over)
        actor = acts_as(session, who, campaign)
        return revise(session, campaign, document, name=name, sha256=digest, actor=actor, now=house.now(), over=over)

    found = house.store.settle(compared)
    if as_json:
        changes = [change.as_json() for change in found.changes]
        told = {"campaign": number, "applied": apply, "unchanged": found.unchanged, "changes": changes}
        say_json(told | {"kept": list(found.kept)})
        return
    for change in found.changes:
        say(f"{change.kind} {change.number or '—'} {change.text[:40]}")
        for one in change.differences:
            say(f"　{one.field}：{one.before or '（无）'} → {one.after or '（无）'}")
    for kept in found.kept:
        say(f"保持 {kept}")
    counts = "、".join(f"{kind} {len(found.of(kind))} 项" for kind in ("新增", "变更", "删去"))
    say(f"{counts}，不变 {found.unchanged} 项。" + ("已更新。" if apply else "未作改动；更新请加 --apply。"))


@app.command()
def activate(
    campaign: Annotated[int, typer.Argument(help="专项行动编号")],
    past: Annotated[PastChoice, typer.Option(help="已过期限的怎么办")] = PastChoice.SUMMARY,
    to: Annotated[str | None, typer.Option(help="--past redate 时的新期限")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="年份与文件不一致时：确认年份无误")] = False,
    as_json: Json = False,
    at: At = None,
) -> None:
    """启动专项行动：发出交办通知，开始按期提醒。"""
    from bot.wiring import build
    from jobs.campaigns.activation import activate as start

    house = build(at)
    new_due = a_day(to, "--to")
    done = house.store.settle(
        lambda session: start(
            session,
            house.desk,
            get_campaign(session, campaign),
            past,
            OPERATOR,
            house.now(),
            new_due,
            year_is_right=yes,
        )
    )
    if as_json:
        say_json(
            {
                "campaign": campaign,
                "assignments": done.assignments,
                "past": done.past,
                "messages": done.messages,
                "no_route": done.without_chat,
            }
        )
        return
    say(
        f"已启动：{done.assignments} 项交办，{done.messages} 个会话将收到交办通知，{done.without_chat} 个单位尚未绑定会话。"
    )
    if done.past:
        say(f"{done.past} 项在启动前已逾期：{past.zh}。")


campaign_app = typer.Typer(help="专项行动：查看、结束、放弃。", no_args_is_help=True)


app.add_typer(campaign_app, name="campaign")


@campaign_app.command("list")
def campaign_list(
    everything: Annotated[bool, typer.Option("--all", help="含已结束和已放弃的")] = False, as_json: Json = False
) -> None:
    """列出专项行动：编号、名称、情况、任务数、未办结数。"""
    from bot.wiring import build

    house = build()
    with house.store.read() as session:
        found = ledger.overview(session, EVERY if everything else UNENDED)
    if as_json:
        say_json(
            [
                {
                    "campaign": one.campaign.id,
                    "title": one.campaign.title,
                    "letter": one.campaign.letter,
                    "status": str(one.campaign.status),
                    "year": one.campaign.reference_year,
                    "tasks": one.tasks,
                    "open": one.open,
                    "activated_at": ledger.local_iso(one.campaign.activated_at, one.campaign.timezone),
                }
                for one in found
            ]
        )
        return
    rows = [
        (
            one.campaign.id,
            one.campaign.letter,
            one.campaign.title,
            ending.standing(one.campaign),
            one.campaign.reference_year or "",
            one.tasks,
            one.open,
        )
        for one in found
    ]
    table(("编号", "字头", "名称", "情况", "年份", "任务", "未办结"), rows)


@campaign_app.command("end")
def campaign_end(
    campaign: Annotated[int, typer.Argument(help="专项行动编号")],
    yes: Annotated[bool, typer.Option("--yes", help="不再询问，直接结束")] = False,
    as_json: Json = False,
    at: At = None,
) -> None:
    """结束专项行动：不再提醒、催办，待发的通知撤回；不能恢复。"""
    from bot.wiring import build

    house = build(at)
    if not yes:
        with house.store.read() as session:
            found = get_campaign(session, campaign)
            left = ending.left_by(session, found)
        say(f"《{found.title}》{_left(left)}，待发通知 {left.waiting} 条将撤回。")
        if not sys.stdin.isatty():
            raise Misuse("确认请加 --yes")
        typer.confirm("结束？结束后不能恢复。", abort=True)
    left = house.store.settle(
        lambda session: ending.end(session, get_campaign(session, campaign), OPERATOR, house.now())
    )
    if as_json:
        say_json(
            {
                "campaign": campaign,
                "open": left.open,
                "reported": left.reported,
                "withdrawn": left.waiting,
                "requests": left.requests,
                "drafts": {str(kind): number for kind, number in left.drafts},
            }
        )
    else:
        say(f"已结束专项行动 {campaign}：{_left(left)}；不再提醒。")


def _left(left: ending.Left) -> str:
    unsigned = f"，待签发的{left.unsigned}不会发出" if left.unsigned else ""
    return f"未办结 {left.open} 项，已报待核 {left.reported} 项，待批延期 {left.requests} 项{unsigned}"


@campaign_app.command("discard")
def campaign_discard(
    campaign: Annotated[int, typer.Argument(help="专项行动编号")], as_json: Json = False, at: At = None
) -> None:
    """放弃一份待启动的专项行动；同一文件可以重新导入。"""
    from bot.wiring import build

    house = build(at)
    house.store.settle(lambda session: ending.discard(session, get_campaign(session, campaign), OPERATOR, house.now()))
    say_json({"campaign": campaign}) if as_json else say(f"已放弃专项行动 {campaign}，同一文件可以重新导入。")


@app.command()
def edit(
    code: Annotated[str, typer.Argument(help="编号，如 A-7 或 A-10.2")],
    due: Annotated[str | None, typer.Option(help="更正后的期限，如 2022-06-30")] = None,
    text: Annotated[str | None, typer.Option(help="更正后的文字：清单和通知里显示的那一句")] = None,
    deliverable: Annotated[str | None, typer.Option(help="更正后的成果（节点要交什么）")] = None,
    add: Annotated[str | None, typer.Option(help="加上一个单位")] = None,
    role: Annotated[Role, typer.Option(help="所加单位的角色")] = Role.RESPONSIBLE,
    remove: Annotated[str | None, typer.Option(help="去掉一个单位")] = None,
    closed: Annotated[bool, typer.Option("--closed", help="记为已办结（导入前已完成的）")] = False,
    reason: Annotated[str, typer.Option(help="更正的原因")] = "",
    who: As = "",
    as_json: Json = False,
    at: At = None,
) -> None:
    """更正读到的内容：期限、文字、成果、单位、角色，各单位一并更正；原来的值留在记录里。"""
    from bot.wiring import build

    if not any((due, text, deliverable is not None, add, remove, closed)):
        raise Misuse("请说明要更正什么：--due、--text、--deliverable、--add、--remove 或 --closed")
    house = build(at)
    new_due = a_day(due, "--due")

    def corrected(session: Session) -> tuple[str, int]:
        milestone = _milestone(session, code)
        actor = acts_as(session, who, _campaign_of(session, milestone))
        if add is not None:
            correction.staff(session, milestone, role, [add], actor, house.now())
        lines = ledger.lines(session, Which(UNENDED, milestone=milestone.id))
        if not lines:
            raise Failure(f"〔{milestone.code}〕还没有单位；请先用 duban edit {milestone.code} --add 单位")
        if new_due is not None:
            correction.due(session, milestone, lines, new_due, reason, actor, house.now())
        if text is not None:
            correction.wording(session, milestone, text, actor, house.now())
        if deliverable is not None:
            correction.deliverable(session, milestone, deliverable, actor, house.now(), reason)
        if remove is not None:
            correction.remove_unit(session, lines, remove, reason, actor, house.now())
        if closed:
            correction.already_closed(session, lines, reason, actor, house.now())
        return milestone.code, len(lines)

    with _nothing_new():
        corrected_code, count = house.store.settle(corrected)
    if as_json:
        say_json({"milestone": corrected_code, "assignments": count})
    else:
        say(f"已更正〔{corrected_code}〕。")


@contextmanager
def _nothing_new() -> Iterator[None]:
    """Say in one line that a correction changes nothing, or that the thing no longer is to be had."""
    try:
        yield
    except NotAllowed as refusal:
        raise Failure(f"{refusal}，未作改动") from None


def _campaign_of(session: Session, milestone: Milestone) -> Campaign:
    return session.get_one(Campaign, session.get_one(Task, milestone.task_id).campaign_id)


def acts_as(session: Session, who: str, campaign: Campaign) -> Actor:
    """Return as whom a command acts: the registered coordinator or leader of that name, without one of the name that
    this machine knows its user by. What is still a draft reaches nobody, and may be changed by the program's operator.
    """
    name = who or getpass.getuser()
    for person in register.people_named(session, name):
        if register.ranks(session, person) & {Held(Rank.COORDINATOR), Held(Rank.LEADER)}:
            return Actor(person.name, person.id)
    if who:
        raise Failure(f"没有登记的协调员或领导“{who}”；登记的见 duban contact list")
    if campaign.status is CampaignStatus.DRAFT:
        return OPERATOR
    raise Failure("专项行动已启动，更正会通知各单位；请用 --as 写明由谁更正（登记的协调员或领导）")


def _milestone(session: Session, code: str) -> Milestone:
    """Return the milestone of a campaign that is not over; fail in one line where none or several are called so."""
    found = ledger.milestones_called(session, code, UNENDED)
    for over in [] if found else ledger.milestones_called(session, code, OVER)[-1:]:
        raise Failure(ending.epitaph(session, _campaign_of(session, over)))
    if not found:
        raise Failure(f"没有编号 {code}；编号见 duban ledger")
    if len(found) > 1:
        raise Failure(f"{code} 是哪一项？{'、'.join(one.code for one in found)}")
    return found[0]


@app.command()
def rehearse(
    file: Annotated[Path | None, typer.Argument(help="要推演的文件；不给则推演库中已有的专项行动")] = None,
    since: Annotated[str, typer.Option("--from", help="从哪天起")] = "",
    until: Annotated[str, typer.Option("--to", help="到哪天止（含）")] = "",
    year: Year = None,
    issued: Issued = None,
    answers: Annotated[Path | None, typer.Option(help="谁怎样答复的脚本（JSON）")] = None,
    past: Annotated[PastChoice, typer.Option(help="已过期限的怎么办")] = PastChoice.SUMMARY,
    as_json: Json = False,
) -> None:
    """推演：用真实的引擎、虚拟的时钟，列出会发出的每一条消息；什么都不会真的发出。"""
    from bot import settings
    from bot.tools.rehearsal import rehearse_document, rehearse_stored
    from bot.wiring import make_desk, open_store

    first, last = a_day(since, "--from"), a_day(until, "--to")
    if first is None or last is None or last < first:
        raise Misuse("请给出起止日期：--from 2022-03-01 --to 2022-12-31")
    given = settings.load()
    desk = make_desk(given)
    zone = ZoneInfo(given.timezone)
    start, end = datetime.combine(first, time(9), zone), datetime.combine(last, time(23, 59), zone)
    progress = None if as_json or not sys.stderr.isatty() else _progress
    if file is not None:
        outcome = rehearse_document(
            file,
            desk,
            start,
            end,
            year=a_year(year),
            issued=a_day(issued, "--issued"),
            past=past,
            answers=answers,
            progress=progress,
        )
    else:
        outcome = rehearse_stored(open_store(given), desk, start, end, past=past, answers=answers, progress=progress)
    if as_json:
        for message in outcome.report.messages:
            say_json(message.as_json())
        return
    outcome.show()


def _progress(moment: datetime) -> None:
    sys.stderr.write(f"\r推演到 {moment:%Y-%m-%d} ")
    sys.stderr.flush()


@app.command(name="ledger")
def show_ledger(
    campaign: Annotated[int | None, typer.Option(help="只看一个专项行动")] = None,
    as_json: Json = False,
    at: At = None,
) -> None:
    """台账：每项交办现在怎样。"""
    from bot.wiring import build

    house = build(at)
    with house.store.read() as session:
        if campaign is not None:
            get_campaign(session, campaign)
        lines = ledger.lines(session, Which(UNENDED if campaign is None else EVERY, campaign=campaign))
        if as_json:
            say_json([line.as_json(ledger.local_day(house.now(), line.campaign.timezone)) for line in lines])
            return
        print_ledger(lines, house.now())


@app.command()
def broadcast(
    text: Annotated[str | None, typer.Argument(help="要群发的话")] = None,
    unit: Annotated[list[str] | None, typer.Option(help="只发给这些单位（可多次）")] = None,
    to: Annotated[str, typer.Option(help="发给谁：全部、牵头、逾期、未办结、未签收")] = "全部",
    urgent: Annotated[bool, typer.Option("--urgent", help="叫应：反复叫未回应的，再报上级")] = False,
    at_once: Annotated[bool, typer.Option("--now", help="休息时间也立即发出")] = False,
    who: Annotated[str, typer.Option("--as", help="署名")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="不再询问，直接发出")] = False,
    export: Annotated[int | None, typer.Option(help="不发送，把这次群发的回执写入 --out")] = None,
    out: Annotated[Path | None, typer.Option(help="--export 时写出的文件（.xlsx）")] = None,
    as_json: Json = False,
    at: At = None,
) -> None:
    """群发：把一段话发给单位的会话；先给看收件人和数目，再发。回执在协调室。"""
    from bot.wiring import build

    house = build(at)
    if export is not None:
        _export_broadcast(house, export, out)
        return
    if not (text or "").strip():
        raise Misuse("请写要群发的话")
    with house.store.read() as session:
        _room, _label, units = _audience(session, house, unit, to)
        chats, _without = work.recipients(session, units)
        names = [session.get_one(Chat, number).title for number in chats]
    if not chats:
        raise Failure("没有可发的会话；请先绑定单位（duban bind）")
    if not yes and not as_json:
        say(f"将发往 {len(chats)} 个会话：{'、'.join(names)}")
        say(f"内容：{text}")
        if not sys.stdin.isatty():
            raise Misuse("确认请加 --yes")
        typer.confirm("发出？", abort=True)

    def sent(session: Session) -> tuple[Broadcast, datetime | None]:
        room, label, _units = _audience(session, house, unit, to)
        made = work.draft(
            session,
            room_id=room,
            by_id=None,
            who=who,
            audience=label,
            units=units,
            words=str(text),
            files=(),
            urgent=urgent,
            now=house.now(),
        )
        opens = None if urgent or at_once else house.desk.next_open(session, None, house.now())
        work.send(session, made, house.desk.policy, house.now(), made.who, opens)
        return made, opens

    made, opens = house.store.settle(sent)
    with house.store.read() as session:
        chats, without = work.recipients(session, units)
    told = {"broadcast": made.id, "chats": len(chats), "no_route": len(without)}
    if as_json:
        say_json(told)
        return
    say(f"已排入发送：{len(chats)} 个会话（群发 {made.id}）。")
    if opens is not None and opens > house.now():
        say(f"现在是休息时间，将于{moment(opens, house.desk.zone)}起发出；须立即送达请加 --now，或用 --urgent 叫应。")


def _audience(session: Session, house: "House", names: list[str] | None, to: str) -> tuple[int, str, list[Unit]]:
    """Return the room that sees the receipts, to whom a broadcast goes as people write it, and their units."""
    rooms = register.rooms(session, ChatRole.COORDINATORS)
    if not rooms:
        raise Failure("群发的回执显示在协调室；请先绑定协调室：duban bind --room coordinators")
    label, units, rest = work.audience(session, to, house.now())
    if rest:
        raise Misuse(f"--to 须为 全部、牵头、逾期、未办结、未签收 之一，不是“{to}”")
    if names:
        units = [register.get_unit(session, name) for name in names]
        label = "、".join(unit.name for unit in units)
    return rooms[0].id, label, units


def _export_broadcast(house: "House", number: int, out: Path | None) -> None:
    from jobs.sheets import broadcast_book

    if out is None:
        raise Misuse("--export 须同时用 --out 给出要写的文件")
    with house.store.read() as session:
        made = session.get(Broadcast, number)
        if made is None:
            raise Failure(f"没有编号为 {number} 的群发")
        out.write_bytes(broadcast_book(session, made, house.desk.timezone))
    say(f"已写出：{out}")
