"""From which day to which a leader is away, as they say it on Wednesday, 1 June 2022."""

from datetime import date

import pytest

from bot.dialogue.away import away

TODAY = date(2022, 6, 1)


def june(first: int | None, last: int) -> tuple[date | None, date]:
    return date(2022, 6, first) if first else None, date(2022, 6, last)


SAID = {
    "代签 钱主任 到6月15日": june(None, 15),
    "代签 钱主任 6月15日": june(None, 15),
    "代签 钱主任 6月8日到6月12日": june(8, 12),
    "代签 钱主任 6.8-6.12": june(8, 12),
    "我出差，6月15日前由钱主任代签": june(None, 15),
    "即日起到6月20日由钱主任代签": june(None, 20),
    "今天到周五由钱主任代签": june(None, 3),
    "我下周出差，由钱主任代签": june(6, 12),
    "我下周出差，由钱主任代签，6月15日到18日": june(15, 18),
    "下周一到周五我去省里开会，文件请钱主任替我签": june(6, 10),
    "6月8日至12日我休假，由钱主任代签": june(8, 12),
    "我6月15日出差，18日回来，由钱主任代签": june(15, 18),
    "6月8号休假，由钱主任代签到15号": june(8, 15),
    "6月15日由钱主任代签": june(15, 15),
    "明天由钱主任代签": june(2, 2),
    "我明后天不在，由钱主任代签": june(2, 3),
    "自6月8日起由钱主任代签，到6月20日": june(8, 20),
    "下周一出差，月底回来，由钱主任代签": june(6, 30),
    "下周一起由钱主任代签，到月底": june(6, 30),
    "由钱主任代签到6月底": june(None, 30),
    "我这周出差，由钱主任代签": june(None, 5),
    "下个月我去党校，由钱主任代签": (date(2022, 7, 1), date(2022, 7, 31)),
    "国庆期间由钱主任代签": (date(2022, 10, 1), date(2022, 10, 7)),
}


@pytest.mark.parametrize("text", SAID)
def test_from_when_to_when_somebody_is_away(text: str) -> None:
    assert away(text, TODAY) == SAID[text]


@pytest.mark.parametrize("text", ["从6月15日开始由钱主任代签", "我去党校学习一个月，由钱主任代签", "由钱主任代签"])
def test_no_last_day_is_no_end(text: str) -> None:
    assert away(text, TODAY)[1] is None
