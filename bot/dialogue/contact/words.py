"""What a contact can say, as menus show it and Latin commands stand for it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ContactWord:
    """One thing a contact can say: a Latin name for menus, the Chinese words that it stands for, what it does."""

    latin: str
    word: str
    help: str


CONTACT_WORDS = (
    ContactWord("list", "我的任务", "我的任务：看还有什么没办"),
    ContactWord("ack", "收到", "收到：签收"),
    ContactWord("progress", "进展", "进展 7 已完成八成：报进展"),
    ContactWord("done", "办结", "办结 7：报办结（佐证请回复消息发文件）"),
    ContactWord("measure", "措施", "措施 7 停用A罐，7月10日前修复围堰：填报问题的整改措施"),
    ContactWord("problems", "问题清单", "问题清单：看本单位还没有销号的问题（整改清单：看措施）"),
    ContactWord("extend", "延期", "延期 7 到7月15日，因……：申请延期"),
    ContactWord("show", "详情", "详情 7：看一项"),
    ContactWord("undo", "撤回", "撤回：收回刚才的操作"),
    ContactWord("duty", "值班", "值班 明天王工：报谁值班（换班：明天王工改由李工；不写：看今天）"),
    ContactWord("board", "看板", "看板：看网页台账（私聊里说）"),
    ContactWord("help", "帮助", "帮助：怎样答复"),
)
"""The words, in the order in which a menu shows them."""
