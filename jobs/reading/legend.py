"""What a document says of its own marks: 排在第一位的为牵头单位, 带★的为牵头单位."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from db.words import Role
from jobs.reading.blocks import Block, Grid
from jobs.reading.units import Standing

MARKS = "*＊★☆▲△●◎■#※"
_FIRST = re.compile(
    r"(?:第一(?:位|个|家|名)?|首位|最前|排名第一|排序第一|列首|之首)(?:的)?(?:责任)?(?:单位|部门)?(?:的)?[^，。；]{0,4}?(?:为|是|系|即|做|作为|负责)?[^，。；]{0,2}牵头"
    r"|牵头单位[^，。；]{0,6}(?:排|列)[^，。；]{0,4}(?:首位|第一)"
)
_MARKED = re.compile(
    r"(?:带|加|标|注|有|打|划|画)[^，。；]{0,3}?[“\"'‘(（]?(?P<mark>[*＊★☆▲△●◎■#※])[^，。；]{0,8}?牵头|(?:^|[（(：:；;，,\s])\s*(?P<alone>[*＊★☆▲△●◎■#※])[^，。；\u4e00-\u9fff]{0,3}(?:为|表示|代表|指|系|是|号)[^，。；]{0,4}牵头"
)
_OTHERS = re.compile(r"(?:其余|其[他它]|后面|后续)[^，。；]{0,10}(?:配合|协办|协助)")
"""排在第一位的为牵头单位，其余为配合单位."""
_SAYS = re.compile(
    r"(?P<mark>[*＊★☆▲△●○◎■□◆◇#※√✓✔])[”\"』）)]?\s*(?:[的者为是系指即号]|表示|代表|[:：=＝]|[-—－]+)*\s*"
    r"(?P<role>(?:总|主要)?(?:牵头|主责|主办|主管)|(?:配合|协办|协助|协同|参与|参加|支持)|(?:责任|负责|承办|落实|实施))"
)
"""★为牵头单位，△为配合单位; ★牵头 △配合: what a note under a matrix says of each of its marks."""
_EXPLAINS = re.compile(rf"(?:带|加|标|注|打|划|画)[^，。；]{{0,4}}?[“\"'‘(（]?[{MARKS}]")
"""带▲的为配合单位: a note that explains one mark only."""
_ROLES = ((Role.LEAD, "牵主"), (Role.ASSIST, "配协参支"), (Role.RESPONSIBLE, "责负承落实"))
_LONGEST = 200
_BESIDE_NAME = re.compile(r"[*＊★☆▲△●◎■※](?=\s?[\u4e00-\u9fff]{2})|(?<=[\u4e00-\u9fff])[*＊★☆▲△●◎■※](?=$|[、，,；;\s])")


@dataclass(frozen=True, slots=True)
class Legend:
    """How a document marks the unit that leads: ``first`` of the responsible ones, where the ``others_assist`` or not, or by a
    character ``mark``.

    ``marks`` says, of each mark that the document explains, which role it gives.
    """

    first: bool = False
    others_assist: bool = False
    mark: str | None = None
    marks: Mapping[str, Role] = field(default_factory=dict)

    def unexplained(self, cell: str) -> str:
        """Return a mark that stands beside a name in a cell of units, and that the document does not explain; else ""."""
        found = None if self.mark or self.marks else _BESIDE_NAME.search(cell)
        return found[0].strip() if found else ""

    def applied(self, standing: Standing) -> Standing:
        """Return a standing with each unit in the role that the legend gives its mark; marks are no part of a name."""
        told = Standing(open_ended=standing.open_ended, implied=standing.implied)
        for role in Role:
            for name in standing.of(role):
                told.add(self._marked(name) or role, [name.strip(self._known)])
        if self.first and not told.lead and len(told.responsible) > 1:
            told.lead.append(told.responsible.pop(0))
            if self.others_assist:
                told.assist, told.responsible = [*told.responsible, *told.assist], []
        return told

    @property
    def _known(self) -> str:
        return MARKS + "".join(self.marks)

    def _marked(self, name: str) -> Role | None:
        """Return the role that a mark before or after a name gives; None where the document explains none."""
        said = {**self.marks, **({self.mark: Role.LEAD} if self.mark else {})}
        return said.get(name[:1]) or said.get(name[-1:])


def find_legend(found: Iterable[Block]) -> Legend:
    """Return what the document says of its marks, in a paragraph, a heading of a table or a note under it."""
    first, others_assist, mark = False, False, None
    marks: dict[str, Role] = {}
    for text in _texts(found):
        if len(text) > _LONGEST:
            continue
        said = {one["mark"]: _role(one["role"]) for one in _SAYS.finditer(text)}
        marks |= said if len(said) > 1 or _EXPLAINS.search(text) else {}
        first = first or bool(_FIRST.search(text))
        others_assist = others_assist or bool(_OTHERS.search(text))
        marked = _MARKED.search(text)
        if marked and mark is None:
            mark = marked["mark"] or marked["alone"]
    return Legend(first, others_assist, mark, marks)


def _role(word: str) -> Role:
    bare = word.removeprefix("总").removeprefix("主要")
    return next(role for role, begins in _ROLES if bare[0] in begins)


def _texts(found: Iterable[Block]) -> Iterable[str]:
    for block in found:
        if isinstance(block, Grid):
            for row in block.rows[:6] + block.rows[-4:]:
                yield from row.cells
        else:
            yield block.text
