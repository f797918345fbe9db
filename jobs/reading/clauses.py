"""Clauses: how sentences are parted, and what in them is parted."""

import re
from collections.abc import Iterator

from jobs.reading.deadlines.vocabulary import FIXED_EVENTS, LUNAR_EVENTS, UNKNOWN_EVENTS

_EVENTS = "|".join((*FIXED_EVENTS, *LUNAR_EVENTS, *UNKNOWN_EVENTS))

SENTENCE = re.compile(r"[^。！!？?\n]+")

_PARTS = re.compile(
    rf"[，,；;]|—{{2,4}}|(?<=前)、|(?<=[月旬][底初末])、(?=[省市县区州各])|(?<=旬)、(?=[省市县区州各])|(?<=牵头|主办|负责|配合|协助|协办|参与|监督|督导)、|、(?=(?:{_EVENTS})节?前[省市县区州旗各])|(?<=[局委办厅站所队司院])、(?=第?[一二三四]季度[省市县区州旗各])|(?P<next>、)(?=[省市县区州旗镇乡各][^、，,。；;]{{1,14}}?(?:(?<=牵头|主办|配合|协助)[，,])?(?:\d{{1,2}}月|每[月季周年]|[本下]周|负责|牵头))"
)
"""What parts the clauses of a sentence: also the stroke in 甲牵头、乙配合, in 甲6月底前、乙7月底前 and in 入汛前甲、入冬前乙."""


_HAS_ITS_OWN = re.compile(r"\d[月日]|月[底末初]|每[月季周年日天半]|前(?!期)|负责")
"""甲6月10日前完成排查、乙6月15日前完成整改: the stroke parts two duties where the first has its own day or role."""


def clauses(sentence: str) -> Iterator[tuple[int, str]]:
    """Yield the clauses of a sentence outside brackets, each with where it begins."""
    start = seen = depth = 0
    for match in _PARTS.finditer(sentence):
        between = sentence[seen : match.start()]
        depth += sum(map(between.count, "（(〔[［【")) - sum(map(between.count, "）)〕]］】"))
        seen = match.start()
        if depth <= 0 and (match["next"] is None or _HAS_ITS_OWN.search(sentence, start, seen)):
            yield start, sentence[start:seen]
            start, seen, depth = match.end(), match.end(), 0
    yield start, sentence[start:]
