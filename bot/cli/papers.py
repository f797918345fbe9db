"""Papers: what waits for a signature, one in full, signing and dropping."""

from typing import Annotated, Any

import typer
from sqlmodel import Session, select

from bot.cli.reading import Json
from bot.cli.shell import At, app
from bot.dialogue.room.papers import told_of
from bot.terminal import Failure, Misuse, say, say_json
from db import ledger, register
from db.history import Actor
from db.ledger import Which
from db.models import Campaign, Paper, Person
from db.words import EVERY, Rank
from jobs import pending
from jobs.desk import Desk
from jobs.notices.render import say as say_template
from jobs.papers import drafts, signing
from jobs.ports import Abilities

PAGE = Abilities(limit=1_000_000)
"""A terminal shows a paper whole."""

papers = typer.Typer(help="通报和约谈：查看待签发的文稿，签发或作废一份。", invoke_without_command=True)
app.add_typer(papers, name="bulletin")

Number = Annotated[int, typer.Argument(help="文稿编号")]
Who = Annotated[str, typer.Option("--as", help="以谁的名义")]


@papers.callback()
def waiting(
    context: typer.Context,
    campaign: Annotated[int | None, typer.Option(help="只看一个专项行动")] = None,
    as_json: Json = False,
    at: At = None,
) -> None:
    """通报和约谈：不加命令时列出待签发的文稿。"""
    if context.invoked_subcommand is not None:
        return
    from bot.wiring import build

    house = build(at)
    with house.store.read() as session:
        today = ledger.local_day(house.now(), house.desk.timezone)
        told = [_told(session, house.desk, paper, today) for paper in drafts.unsigned(session, campaign)]
    if as_json:
        say_json(told)
        return
    for one in told:
        say(f"文稿 {one['paper']}：{one['title']}（{one['day']}拟稿，专项行动 {one['campaign']}）")
        say(f"　{'、'.join(one['units'])}，{len(one['items'])} 项；全文见 duban bulletin show {one['paper']}")
    if not told:
        say("没有待签发的文稿。")


@papers.command()
def show(number: Number, as_json: Json = False, at: At = None) -> None:
    """看一份文稿的全文。"""
    from bot.wiring import build

    house = build(at)
    with house.store.read() as session:
        today = ledger.local_day(house.now(), house.desk.timezone)
        told = _told(session, house.desk, _paper(session, number), today)
    say_json(told) if as_json else say(told["text"])


@papers.command(name="sign")
def sign_paper(
    number: Number,
    who: Who = "",
    yes: Annotated[bool, typer.Option("--yes", help="不再询问，直接签发")] = False,
    as_json: Json = False,
    at: At = None,
) -> None:
    """以 --as 的名义签发一份文稿：先显示全文，再问。"""
    from bot.wiring import build

    house = build(at)
    with house.store.read() as session:
        paper = _paper(session, number)
        signer = _signer(session, house.desk.policy_of(session, paper.campaign_id).signers, who)
        today = ledger.local_day(house.now(), house.desk.timezone)
        seen = drafts.version(session, [paper], today)
        text = _told(session, house.desk, paper, today)["text"]
    if not yes and not as_json:
        say(text)
        typer.confirm("签发？", abort=True)

    def sign_it(session: Session) -> tuple[dict[str, Any], str]:
        paper = _paper(session, number)
        today = ledger.local_day(house.now(), house.desk.timezone)
        if paper.is_open and drafts.version(session, [paper], today) != seen:
            raise Failure("这份文稿刚刚有变动，未签发；请再看一遍")
        issued = signing.issue(session, paper, Actor(who, signer), house.now())
        told = {
            "paper": number,
            "number": issued.paper.number,
            "chats": len(issued.chats),
            "unreached": list(issued.unreached),
            "left_out": issued.left_out,
        }
        return told, say_template("signed", **told_of([issued]), goes_at="")

    told, words = house.store.settle(sign_it)
    say_json(told) if as_json else say(words)


@papers.command()
def drop(number: Number, who: Who = "", as_json: Json = False, at: At = None) -> None:
    """以 --as 的名义作废一份文稿：不再发出，记录在案。"""
    from bot.wiring import build

    house = build(at)

    def drop_it(session: Session) -> None:
        paper = _paper(session, number)
        person = _named(session, who, {Rank.COORDINATOR, Rank.LEADER})
        signing.drop(session, paper, Actor(who, person.id), house.now())

    house.store.settle(drop_it)
    say_json({"paper": number, "dropped": True}) if as_json else say("已作废，不再发出。")


def _paper(session: Session, number: int) -> Paper:
    paper = session.get(Paper, number)
    if paper is None:
        raise Failure(f"没有文稿 {number}；待签发的见 duban bulletin")
    return paper


def _told(session: Session, desk: Desk, paper: Paper, today: Any) -> dict[str, Any]:
    """Return what a script and a person need of a paper: its state, units, items and text."""
    numbers = drafts.still_late(session, [paper], today) if paper.is_open else drafts.named_in(session, [paper])
    campaign = session.get_one(Campaign, paper.campaign_id)
    return {
        "paper": paper.id,
        "campaign": paper.campaign_id,
        "kind": str(paper.kind),
        "title": f"{paper.kind.zh}《{campaign.title}》",
        "day": paper.day.isoformat(),
        "state": "draft" if paper.is_open else "signed" if paper.signed_at else "dropped",
        "number": paper.number,
        "units": drafts.names(session, drafts.units_named(session, [paper])),
        "items": [line.as_json(today) for line in ledger.lines(session, Which(EVERY, ids=numbers))],
        "text": pending.text_of(session, desk, paper, PAGE, today),
    }


def _signer(session: Session, signers: tuple[str, ...], name: str) -> int | None:
    """Return the person of that name if the policy lets them sign; fail in one line otherwise."""
    if not name:
        raise Misuse("签发须用 --as 写明签发人姓名")
    for person in session.exec(select(Person).where(Person.name == name)):
        if {name, *map(str, register.office_ranks(register.ranks(session, person)))} & set(signers):
            return person.id
    if name in signers:
        return None
    raise Failure(f"{name}不是签发人；请由领导签发，或在策略的 people.signers 中写明")


def _named(session: Session, name: str, ranks: set[Rank]) -> Person:
    """Return the coordinator or leader of that name; fail in one line otherwise."""
    if not name:
        raise Misuse("作废须用 --as 写明姓名")
    for person in session.exec(select(Person).where(Person.name == name)):
        if ranks & register.office_ranks(register.ranks(session, person)):
            return person
    raise Failure(f"{name}不是协调员或领导；文稿由他们作废")
