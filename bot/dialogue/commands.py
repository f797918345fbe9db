"""The one table of commands: from it come help, the menus that a service shows, and the guides."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.dialogue import duties, passes
from bot.dialogue.room import (
    additions,
    broadcasts,
    campaigns,
    charts,
    corrections,
    decisions,
    deputies,
    doubts,
    handing,
    lists,
    lookups,
    members,
    nudges,
    on_behalf,
    papers,
    problems,
    questions,
    register,
    renewals,
    rosters,
    rounds,
    scores,
    spot_checks,
    strangers,
    summons,
    tallies,
    together,
)
from bot.dialogue.turn import Turn
from bot.dialogue.understanding.named_after import makes_a_name
from db.words import Action

Run = Callable[[Turn, str], None]

_REFUSALS = frozenset({"return", "refuse", "cancel", "waive", "suspend", "reopen"})
_ACTS = _REFUSALS | {"verify_all", "verify", "grant", "resume", "nudge", "summon"}
"""Commands of whose words papers are named, 核查记录, 催办单, and those of them behind which a reason may follow at once."""


@dataclass(frozen=True, slots=True)
class Command:
    """One thing a coordinator can say: Chinese words, a Latin name for menus, how it is written, what it does.

    ``leaders`` tells that leaders may say it too, ``files`` that it does something with files that come with it,
    ``looks`` that it changes nothing, ``apart`` that its word is so common that something must stand between it and the rest,
    ``unless`` what may not follow its word at once: 核查不通过 verifies nothing.
    """

    words: tuple[str, ...]
    latin: str
    help: str
    run: Run
    leaders: bool = False
    files: bool = False
    looks: bool = False
    apart: bool = False
    unless: str = ""

    def begins(self, rest: str) -> bool:
        """Tell whether what stands behind its word lets it be the command, and no other word that begins so."""
        goes_on = rest[:1] not in " ：:\n" if self.apart else rest[:1].isascii() and rest[:1].isalpha()
        named = self.latin in _ACTS and makes_a_name(rest, of_a_refusal=self.latin in _REFUSALS)
        return not rest or not (goes_on or named or rest[0] in self.unless)

    def looked(self, rest: str) -> str:
        """Return by what a command that only looks is known when it has been read ahead."""
        return f"/{self.latin} {rest}"


def help_coordinator(turn: Turn, rest: str = "") -> None:
    """Say in six lines what can be done now; with 全部 list every command."""
    if rest.strip() == "全部":
        allowed = [command for command in COMMANDS if turn.visitor.steers or command.leaders]
        turn.reply("help_all", rows=[_written(turn, command) for command in allowed])
        return
    turn.reply("help_coordinator", steers=turn.visitor.steers, waits=lookups.waiting(turn))


def _written(turn: Turn, command: Command) -> str:
    """Return a command's help as it is written on this service."""
    word = next((word for word in command.words if command.help.startswith(word)), "")
    return turn.spoken(word, command.latin) + command.help[len(word) :]


def _of_latest(what: str) -> Run:
    return lambda turn, rest: broadcasts.latest(what, turn, rest)


def _of_latest_round(what: str) -> Run:
    return lambda turn, rest: rounds.of_latest(what, turn, rest)


_act = decisions.act

COMMANDS: tuple[Command, ...] = (
    Command(
        ("全部核查", "核查全部", "全部销号"),
        "verify_all",
        "全部核查——待核查的都列出来，看过再一次核查（也可写单位或专项的字头）",
        together.all_reports,
        leaders=True,
    ),
    Command(
        ("核查销号", "核查", "销号", "核查通过"),
        "verify",
        "核查 7——核查属实，销号（几项一起：核查 3、5、7）",
        together.verify,
        True,
        True,
        unless="不没未",
    ),
    Command(("退回",), "return", "退回 7 理由——退回重办", _act(Action.RETURN), True, True),
    Command(("不同意延期", "不同意", "不批准"), "refuse", "不同意 7 理由——不同意延期", _act(Action.REFUSE), True, True),
    Command(
        ("同意延期", "同意", "批准"),
        "grant",
        "同意 7——同意延期（可另写日期）",
        _act(Action.GRANT),
        True,
        True,
        unless="销核通办",
    ),
    Command(("代录",), "record", "代录 7 省经信厅 已办结——记下电话里的答复", on_behalf.record_for_unit),
    Command(
        ("更正",),
        "correct",
        "更正 7 期限6月30日——更正期限、内容、成果、牵头（责任、配合）或去掉单位，各单位一并更正",
        corrections.correct,
        leaders=True,
        files=True,
    ),
    Command(
        ("有效期",), "renew", "有效期 A-3 2026年7月1日——证照已续期：原来的办结，按新有效期排定下次提醒", renewals.begin
    ),
    Command(("暂缓",), "suspend", "暂缓 7——暂停督办一项", _act(Action.SUSPEND), files=True),
    Command(("恢复",), "resume", "恢复 7——恢复督办一项", _act(Action.RESUME), files=True),
    Command(("撤销",), "cancel", "撤销 7——撤销任务", _act(Action.CANCEL), files=True),
    Command(("免办",), "waive", "免办 7 省科技厅——免去一个单位", _act(Action.WAIVE), files=True),
    Command(("重开",), "reopen", "重开 7 理由——已销号的重新办理", _act(Action.REOPEN), files=True),
    Command(("答复",), "answer", "答复 提问号 内容——答复单位的提问（也可直接回复）", questions.answer, files=True),
    Command(
        ("待答复", "未答复"), "questions", "待答复——还没有答复的提问，一按就答", questions.unanswered, True, looks=True
    ),
    Command(("催办", "催一下"), "nudge", "催办 7——现在就催一项（也可写逾期、未签收：先看催谁）", nudges.by_command),
    Command(("签发",), "sign", "签发——看待签发的通报和约谈，再按“签发”（限签发人）", papers.show_first, True),
    Command(
        ("约谈结果", "已约谈"),
        "talked",
        "约谈结果 省经信厅 承诺7月底前完成——记下当面谈了什么（也可写编号）",
        summons.outcome,
        leaders=True,
    ),
    Command(
        ("约谈",),
        "summon",
        "约谈 省经信厅，理由：长期不回应——拟一份约谈通知，待签发（只列逾期的，可写编号）",
        summons.propose,
        leaders=True,
        unless="了过完",
    ),
    Command(
        ("代签",),
        "deputy",
        "代签 王副局长 到7月15日——外出期间由谁代签（限签发人；代签 取消：收回）",
        deputies.appoint,
        True,
    ),
    Command(
        ("两张清单", "导出问题清单"),
        "two_lists",
        "两张清单——问题清单和整改措施清单，一个文件两张表（可写单位、专项的字头）",
        problems.hand_out,
        True,
        looks=True,
    ),
    Command(
        ("问题清单", "隐患清单"),
        "problems",
        "问题清单——还没有销号的问题，整改前后的照片（可写 逾期／销号、单位、专项的字头）",
        problems.show_problems,
        True,
        looks=True,
    ),
    Command(
        ("整改措施清单", "整改清单", "措施清单"),
        "measures",
        "整改清单——各问题的整改措施和进度",
        problems.show_measures,
        True,
        looks=True,
    ),
    Command(
        ("问题", "隐患", "登记问题"),
        "problem",
        "问题：化工园区A罐区围堰开裂，市应急管理局，7月15日前整改——登记一个问题并交办（可附整改前照片）",
        problems.record,
        files=True,
        apart=True,
    ),
    Command(
        ("清单", "列表", "任务清单"),
        "list",
        "清单 逾期／临期／待核查／延期／未签收／待定 单位 第2页",
        lookups.show_list,
        True,
        looks=True,
    ),
    Command(("详情", "查看"), "show", "详情 7——看一项的全部情况", lookups.show, True, looks=True),
    Command(
        ("未签收", "谁没签收", "谁还没签收", "还有谁没签收"),
        "who",
        "未签收——看哪些单位没有回应",
        lookups.silent,
        True,
        looks=True,
    ),
    Command(("状态", "总览"), "status", "状态——各色灯的数目", lookups.status, True, looks=True),
    Command(
        ("结束调度",),
        "close_round",
        "结束调度——最近一次调度不再等候，出表（通报的附件）",
        _of_latest_round("close"),
    ),
    Command(("催未报", "催报"), "chase_round", "催未报——只催最近一次调度里没有报送的", _of_latest_round("chase")),
    Command(
        ("调度表", "导出调度"),
        "round_table",
        "调度表——最近一次调度各单位报送的内容，一张表；更早的写明是哪一次：调度表 1",
        _of_latest_round("export"),
    ),
    Command(("抽查属实",), "holds", "抽查属实 A-7——抽中的一项核对属实", spot_checks.holds_in_words),
    Command(
        ("抽查不属实",), "fails", "抽查不属实 A-7 理由——重开，列入问题清单", spot_checks.fails_in_words, files=True
    ),
    Command(
        ("抽查", "随机抽查", "再抽一次", "再抽查", "再抽"),
        "spot_check",
        "抽查 A 10%——从已销号的里随机抽（也可写“5项”；不写多少：看最近一次抽查）",
        spot_checks.begin,
    ),
    Command(
        ("调度情况", "调度"),
        "round",
        "调度 本周五前报送危化专项进展，发黄灯以上单位——请单位报送进展（可写“双签字”；不写内容：看最近的调度）",
        rounds.begin,
    ),
    Command(
        ("值班表", "值班"),
        "duty",
        "值班 明天王工、李工——本办谁值班（前面可写单位；换班：明天王工改由李工；不写内容：看今天）",
        duties.begin,
        True,
    ),
    Command(
        ("公示记分", "记分公示"),
        "publish",
        "公示记分 7月——先看一个月的记分，确认后告知各单位，几天内可提异议，再生效",
        scores.publish,
    ),
    Command(
        ("记分", "得分"), "score", "记分 7月 省经信厅——各单位的记分，或一个单位的每一条", scores.look, True, looks=True
    ),
    Command(("未送达", "失败"), "failures", "未送达——发不出去的通知", lookups.failures, True, looks=True),
    Command(("群发情况",), "tally", "群发情况——再看最近一次群发的回执，还有哪些定时待发", _of_latest("tally")),
    Command(
        ("群发",),
        "broadcast",
        "群发 全部／牵头／逾期／未办结／未签收／单位 内容（可附文件；可写“选项：已转移/未转移”“定于明天8点发送”）",
        broadcasts.begin,
        files=True,
    ),
    Command(("叫应",), "call", "叫应 范围 内容——紧急：反复叫未回应的，再报上级", broadcasts.begin_urgent, files=True),
    Command(("催未确认",), "chase", "催未确认——再催最近一次群发里没有确认的", _of_latest("chase")),
    Command(("结束群发", "撤回群发"), "close", "结束群发——不再催促，还没发出的不再发", _of_latest("close")),
    Command(("结束",), "end", "结束 1——整个专项结束，不再提醒（先看还有多少没办结）", tallies.end),
    Command(
        ("专项", "专项行动"),
        "campaigns",
        "专项——各专项行动的编号和情况（专项 全部：含已结束）",
        campaigns.overview,
        True,
        looks=True,
    ),
    Command(
        ("导出台账", "台账表"),
        "ledger",
        "导出台账——整本台账作为文件（可写 按单位，或单位、专项的字头）",
        handing.ledger_in_words,
        True,
        looks=True,
    ),
    Command(
        ("印发", "要文稿", "文稿"),
        "paper",
        "印发——通报、约谈按公文格式的文件；也可写 一页纸／督办单 单位／销号单 7",
        handing.paper_in_words,
        True,
        looks=True,
    ),
    Command(
        ("进度图",),
        "chart",
        "进度图——今年应办结和已销号的一张图（几个专项时写编号或字头）",
        charts.chart_in_words,
        True,
        looks=True,
    ),
    Command(("导出群发",), "export", "导出群发——谁何时确认，一张表", _of_latest("export")),
    Command(
        ("新增单位", "添加单位", "登记单位", "加一个单位", "新增一个单位", "增加单位", "增加一个单位"),
        "new_unit",
        "新增单位 市卫健委——把一个单位登记入名录（随后邀请它的群）",
        strangers.enter,
    ),
    Command(
        ("新增", "交办"),
        "add",
        "新增 请省经信厅于6月30日前报送园区名单——一句话交办（也可粘贴整段通知）",
        additions.begin,
        leaders=True,
    ),
    Command(("导入",), "import", "导入——把清单作为文件发来（可写年份）", lists.import_from, files=True),
    Command(("核对",), "check", "核对 1——读到的清单里存疑和有空缺的，逐处来问", doubts.begin),
    Command(("修订",), "revise", "修订 1——把修订后的清单作为文件发来，比较后更新", lists.revise_from, files=True),
    Command(("放弃",), "discard", "放弃 2——不要一份待启动的专项", campaigns.discard_in_words),
    Command(
        ("启动",), "activate", "启动 1（已逾期的：视为办结／自今日起催办／重定期限 日期）", campaigns.start_in_words
    ),
    Command(("暂停",), "pause", "暂停 1——整个专项暂停提醒和督办", campaigns.pause),
    Command(("继续",), "unpause", "继续 1——恢复提醒和督办", campaigns.resume),
    Command(
        ("邀请",),
        "invite",
        "邀请 省应急管理厅／协调室／协调员 王芳／领导 李厅长——绑定码和链接（邀请 全部、邀请 未绑定：各单位的一张表）",
        register.invite,
    ),
    Command(("人员",), "people", "人员——谁是协调员、领导、联络员", register.people),
    Command(("移除", "解除"), "remove", "移除 王芳——取消一个人的全部身份", register.remove),
    Command(("绑定",), "bind", "绑定 省应急管理厅 群号12——绑定已加入的群", register.bind),
    Command(("解绑",), "unbind", "解绑 省应急管理厅——不再发到它的群", register.unbind),
    Command(("同一单位",), "same", "同一单位 名称 单位——两个名称是同一单位，并到一处", register.same),
    Command(("不同单位",), "different", "不同单位 名称 单位——两个名称不是同一单位", register.different),
    Command(
        ("名录", "导出名录"), "roster", "名录——单位和人员一张表，改好发回，看过再更新", rosters.hand_out, looks=True
    ),
    Command(("别名",), "alias", "别名 省应急管理厅 省应急厅——记下单位的另一个名称", members.alias),
    Command(("曾用名",), "former", "曾用名 省住建厅 省建设厅——记下改革前的名称", members.former),
    Command(
        ("成员", "展开"),
        "members",
        "成员 省危化安全专委会成员单位：省公安厅、省交通运输厅——集合单位由谁组成，它的任务展开到各成员（先看再确认）",
        members.expand,
    ),
    Command(("单位",), "units", "单位——单位和它们的会话", register.units, True, looks=True),
    Command(
        ("看板", "台账网址"), "board", "看板——取网页台账的登录链接（在私聊里说；退出：退出看板）", passes.board, True
    ),
    Command(("日历",), "calendar", "日历——取期限的日历订阅地址（在私聊里说；停用：停用日历）", passes.calendar, True),
    Command(
        ("帮助", "?", "？"), "help", "帮助——现在能办什么（帮助 全部：所有命令）", help_coordinator, True, looks=True
    ),
)
"""Every command of the coordinators' room."""
