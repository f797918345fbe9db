"""What it costs to understand what people say in a chat."""

from collections.abc import Callable
from datetime import date

from bot.tools.bench.timing import Row, cost, in_turn, row
from db.session import Store

_SHORT = (
    "收到",
    "第{n}项收到",
    "A-{n}已办结",
    "{n}项办完了",
    "完成{p}%了",
    "A-{n}还没弄完",
    "延到{m}月{d}号行吗",
    "下周三前报",
    "还差{k}家",
    "{k}家都整改到位了",
    "A-{n}材料报到哪",
    "正在走流程，快了",
    "{m}月{d}日已报送",
    "好的，A-{n}我们抓紧",
    "A-{n}不归我们管",
    "方案初稿出来了",
)
"""Forms of what most answers are: a dozen signs, of one clause."""

_LONG = (
    "收到，第{n}项我们已安排",
    "A-{n}已办结，台账已报贵办",
    "第{n}项正在推进，完成{p}%，还差{k}家企业没签",
    "申请延期到{m}月{d}日，设备还没到货",
    "{m}月{d}日前一定报，正在走审批",
    "A-{n}还没办完，企业不配合，请协调一下",
    "请问A-{n}的材料报到哪里？用什么格式？",
    "招标已完成，{m}月{d}号开始安装",
    "{k}家已整改到位，剩下{p}家下周三前完成",
    "这项不归我们，应该是市场监管局牵头，第{n}项也一样",
    "领导好，今天去现场看了，{k}处隐患整改了{p}处，照片晚点发",
    "A-{n}和A-{k}都弄完了，第{p}项还在等省厅批复",
    "辛苦了，谢谢，第{n}项我们{m}月底一起报",
    "上面说错了，是整改了{p}个，不是{k}个",
    "第{n}项转给安全科小李负责，电话变更为内线{k}",
    "听说{k}个镇都弄完了，我们再核实一下",
)
"""Forms of what some write: two or three clauses in a message."""


def _messages(said: tuple[str, ...], count: int) -> list[str]:
    """Return so many messages, each another one."""
    return [
        said[number % len(said)].format(
            n=number, p=number % 90 + 5, k=number % 70 + 2, m=number % 12 + 1, d=number % 28 + 1
        )
        + "。" * (number // 840 % 9)
        for number in range(1, count + 1)
    ]


def understanding(quick: bool, _databases: dict[str, Callable[[], Store]]) -> list[Row]:
    """Measure messages as contacts write them, of which nobody remembers one."""
    from bot.dialogue.understand import understand

    on, rows = date(2022, 6, 15), []
    understand("收到", on=on)  # the words are read once
    for what, said, target in (("短", _SHORT, "≥ 5,000"), ("长", _LONG, "")):
        messages = _messages(said, 400 if quick else 2_000)

        def run(messages: list[str] = messages) -> tuple[float, float]:
            return cost(lambda: [understand(message, on=on) for message in messages])

        ((wall, cpu),) = in_turn(run, rounds=5)
        signs = sum(map(len, messages)) / len(messages)
        rates = f"{len(messages) / wall:,.0f}（按处理器 {len(messages) / cpu:,.0f}）"
        rows.append(row(f"听懂{what}回复，平均 {signs:.0f} 字，条/秒", rates, target=target))
    return rows
