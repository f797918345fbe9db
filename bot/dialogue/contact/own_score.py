"""这个月扣了几分: a unit that asks for its own points of a month is shown each of them; another's are nobody's to be shown here."""

import re
from datetime import date

from bot.dialogue.phrases import Pieces
from bot.dialogue.room.scores import how_it_stands, month_in
from bot.dialogue.turn import Turn
from db.ledger import local_day
from db.models import Campaign, ScoreSheet
from jobs.notices import scores
from jobs.notices.render import shorten
from jobs.scoring import sheets
from jobs.scoring.points import written
from jobs.scoring.told import Told, sums, told

LONGEST = 24
"""Characters of such a question; who writes more than that tells something else."""

_SAY = Pieces(
    "own_score",
    how_many="(?:[扣得加减记罚]|拿到?)了?(?:几|多少)分",
    docked="(?:被|有没有|没有?)?扣了?分了?(?:{whether}|[?？]|$)",
    stand="{points}[是有]?(?:{how}|[?？]|$)",
)
_POINTS = _SAY("{how_many}|{docked}|{stand}")
_OTHERS = re.compile(
    r"谁|哪[个家些]|各单位|别的|其他|他们|最[多少高低]|排名|标准|办法|规则|怎么扣|为什么|为啥|凭什么|检查|评审|考核|验收|企业|信用|考试|(?<![我本们])公司|异议|不[该应对]|错"
)
"""Another's points, how they come about, why, and points that somebody else gives."""


_OURS = re.compile(
    r"我|本单位|本局|本厅|本委|^\s*(?:(?:\d{1,2}|[一二三四五六七八九十]{1,2})月份?|上个?月|本月|这个月)(?:一?共|总共|被)?扣了?(?:几|多少)分[了啊呢？?]*$"
)
_QUESTION = re.compile(r"几|多少|[吗么呢查看?？]|没有|情况|咋|多不多")
"""What is not said to the bot is a question only with one of these: 我们扣分了 is told to colleagues."""


def asked(turn: Turn, text: str) -> bool:
    """Show the points of the chat's units of a month, of this one where none is named, where words ask for them; tell whether they do."""
    if not asks(text, turn.is_spoken_to) or turn.files:
        return False
    rows: list[str] = []
    month = month_in(text, turn.today()) or sheets.month_of(turn.today())
    for campaign in sheets.campaigns_of(turn.session, month):
        today = local_day(turn.now, campaign.timezone)
        of_month = told(turn.session, turn.desk, campaign, month, today)
        sheet = sheets.of_month(turn.session, campaign.id, month)
        for unit in turn.visitor.units:
            mine = [row for row in of_month if row.unit_id == unit.id]
            if mine:
                rows += [_heading(turn, campaign, month, sheet, unit.name, mine), *_rows(turn, mine)]
    turn.reply("own_score", month=month, rows=rows)
    return True


def asks(text: str, is_spoken_to: bool = True) -> bool:
    """Tell whether words ask for one's own points: 这个月扣了几分, 我们扣分了吗, 记分. 评审得了多少分 and 谁扣分最多 do not; what is not
    said to the bot is to name whose points, and to ask.
    """
    if not is_spoken_to and not (_OURS.search(text) and _QUESTION.search(text)):
        return False
    return len(text) <= LONGEST and _POINTS.search(text) is not None and _OTHERS.search(text) is None


def _heading(turn: Turn, campaign: Campaign, month: date, sheet: ScoreSheet | None, unit: str, mine: list[Told]) -> str:
    today = local_day(turn.now, campaign.timezone)
    total = sum(tenths for _name, tenths in sums(mine))
    stands = how_it_stands(sheet, month, today) + ("，以公示为准" if sheet is None else "")
    return f"{unit}《{shorten(campaign.title, 20)}》合计 {written(total)}（{stands}）"


def _rows(turn: Turn, mine: list[Told]) -> list[str]:
    rows = [f"　{scores.row(row.code, row, turn.today(), struck=row.struck)}" for row in mine[: scores.SHOWN]]
    return rows + ([f"　……另有{len(mine) - scores.SHOWN}条"] if len(mine) > scores.SHOWN else [])
