"""Articles of a set of rules: 第三条 of a 办法 says what holds whenever something happens, and is no task of this document."""

import re
from collections.abc import Iterable

from jobs.reading.blocks import Paragraph
from jobs.reading.document import Place

_RULES = re.compile(
    r"(?:本|依照本|违反本)(?:办法|条例|规定|规则|细则|制度|章程|规程|准则|守则)"
    r"|^[^，。；：]{4,40}(?:办法|条例|规定|规则|细则|制度|章程|规程|准则|守则)(?:[（(][^（）()]{1,12}[）)])?$"
)
"""What a set of rules calls itself, in its title or in its text."""
_ARTICLE = re.compile(r"^第[一二三四五六七八九十百\d]+条")


def articles(paragraphs: Iterable[Paragraph]) -> set[Place]:
    """Return where the paragraphs of a set of rules stand, from its first article on; none in any other document."""
    listed = list(paragraphs)
    first = next((at for at, one in enumerate(listed) if _ARTICLE.match(one.text)), None)
    if first is None or not any(_RULES.search(one.text) for one in listed):
        return set()
    return {one.place for one in listed[first:]}
