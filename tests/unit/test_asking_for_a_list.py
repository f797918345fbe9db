"""A list is asked for in any words: by how the duties stand, and by what is to be done with them. On 8 June 2022."""

from datetime import date

import pytest

from bot.dialogue.understand import Intent, understand

ON, DUE = date(2022, 6, 8), date(2022, 6, 30)

ASKING = {
    "a sheet of them": "超期没销的拉张单子|手上压着的列个目录|还没弄的拉个清单我看看|把我们单位名下所有任务列个表|挂着的给份名单|我村积压的给咱列张表|把本单位没交差的汇总一份",
    "sent, or taken out": "请把我局牵头的事项导一份出来|这个月要报的发我看看|没结的传一份过来|把我站剩下的全发我|当月到点事项请列明|把咱店压着没交的捋个单子出来|在办的捋一捋|手头挂账的都晒晒",
    "several kinds at once": "到点的、退回的都发给我|超时的、没交的、亮红灯的都列给我",
    "by its name": "欠报清单|逾期一览表|我校欠交单子|我矿任务总表",
    "how many": "我站黄灯的有几项|手头拖着的还有几件|我们村超期的一共有多少项啊|还欠几桩没销|一共有几样没报|帮我数一下我们还差几件没交",
    "in the speech of a place": "睇下我哋仲有乜未报|仲有咩未办",
}
TELLING = "剩下的给我两天|剩下的弄一下|剩下的整一下|逾期的已办完|欠账发了|我们列个清单报给你|没报的列个表报给你们了|退回的发一份更正说明|没办的开个会研究|承办任务已完成|欠账|牵头任务发下去了"
"""What bears the same words and asks for nothing."""


@pytest.mark.parametrize("kind", ASKING)
def test_a_list_is_asked_for(kind: str) -> None:
    assert [said for said in ASKING[kind].split("|") if intent(said) is not Intent.LIST] == []


@pytest.mark.parametrize("said", TELLING.split("|"))
def test_what_only_tells_asks_for_no_list(said: str) -> None:
    assert intent(said) is not Intent.LIST


def intent(said: str) -> Intent:
    return understand(said, on=ON, due=DUE, coordinator=False).intent
