"""Of every answer in a conversation one sample at least: what its template is told."""

from datetime import date
from types import SimpleNamespace
from typing import Any

from bot.dialogue.room.lookups import Waits
from bot.dialogue.room.together import Report
from jobs.notices.views import item_view
from tests.messages.sample import CAMPAIGN, TODAY, UNIT, WHO, line

AT = "6月23日09:12"
_TOLD = {"in_charge": None, "nil": False, "report": False, "foreign": False}
_DONE = {"who": WHO, "at": AT}
_CODE = {"code": "A-2"}
_WHEN = {"due": date(2022, 7, 7), "undated": "待定"}
_ITEMS = [item_view(line(number), TODAY) for number in (3, 1, 4)]
_OWN = {"brought_as": "", "brought_by": ""}
_DUTY = SimpleNamespace(
    text="请镇水利站于6月30日前报送防汛值班表。",
    units=[("责任", ["镇水利站"]), ("配合", [])],
    days=["2022年6月30日（周四）"],
)
_FINDING = SimpleNamespace(
    text="加油站二号罐液位计失灵", units=[("责任", ["镇安监站"])], days=["2022年7月15日（周五）"]
)
_PROBLEMS = [
    SimpleNamespace(
        line=line(6),
        state="公示中",
        found="油气回收装置停用",
        measure="",
        before=("停用.jpg",),
        after=(),
        verified=None,
    ),
    SimpleNamespace(
        line=line(3, percent=60),
        state="办理中",
        found="二号罐液位计失灵",
        measure="二号罐停用，更换液位计",
        before=("二号罐.jpg",),
        after=("更换后.jpg", "调试.jpg"),
        verified=SimpleNamespace(who="王协调"),
    ),
]
_DOUBT = SimpleNamespace(source="6月中下旬报送名单", place="第3行", why="没有写明哪一天")
_LEFT = SimpleNamespace(open=8, reported=1, requests=1, waiting=3, questions=2, unsigned="")
_STARTED = SimpleNamespace(tasks=30, assignments=42, periods=9, messages=12, without_chat=1, past=2)

Values = dict[str, Any]

REPLIES: dict[str, list[tuple[str, Values]]] = {
    "acknowledged": [
        ("一项", {"codes": ["A-2"], **_DONE}),
        ("很多项", {"codes": [f"A-{number}" for number in range(1, 15)], **_DONE}),
    ],
    "activated": [
        ("", {"campaign": CAMPAIGN, "done": _STARTED, "choice": "汇总告知", "left": [], "undated": 0, "unowned": [], "dayless": [], "goes_at": ""}),
        ("还有没定的", {"campaign": CAMPAIGN, "done": _STARTED, "choice": "汇总告知", "left": [("期限", ["A-5"])], "undated": 1, "unowned": [], "dayless": [], "goes_at": "6月27日（周一）8:30"}),
        ("没有单位、没有期限的", {"campaign": CAMPAIGN, "done": _STARTED, "choice": "汇总告知", "left": [], "undated": 0, "unowned": ["A-3"], "dayless": ["A-4", "A-6"], "goes_at": ""}),
    ],
    "already_confirmed": [("", _DONE)],
    "anonymous": [("", {})],
    "answered": [("", {"unit": UNIT.name})],
    "appointed": [
        ("还没有协调室", {"who": "王协调", "rank": "协调员", "bind": "/bind", "room": True, "unit": "", "drafts": []}),
        ("单位领导", {"who": "孙站长", "rank": "镇安监站领导", "bind": "/bind", "room": False, "unit": UNIT.name, "drafts": []}),
        ("领导，有待签发的", {"who": "周书记", "rank": "领导", "bind": "/bind", "room": False, "unit": "", "drafts": [("约谈", 1), ("通报", 2)], "sign": "/sign"}),
    ],
    "ask_day": [
        ("", {**_CODE, "why": "", "not_later": None}),
        ("没有读懂", {**_CODE, "why": "所写的日期没有读懂（2月没有30日）。", "not_later": None}),
        ("不晚于现期限", {**_CODE, "why": "", "not_later": date(2022, 7, 7)}),
    ],
    "ask_ahead": [("", {**_CODE, "day": date(2022, 7, 4)})],
    "ask_another_day": [("", {**_CODE, "unit": UNIT.name, "asked": date(2022, 7, 21), "due": date(2022, 7, 14)})],
    "ask_dismiss": [("", {"who": "周彤", "ranks": ["协调员"]})],
    "successor": [
        ("", {"unit": UNIT.name, "who": "陈老师", "held": ["李明"], "bound": True}),
        ("没有登记过，也没有绑定群", {"unit": UNIT.name, "who": "", "held": [], "bound": False}),
    ],
    "ask_doubt": [("没有看懂", {"not_read": "大概那时候", "kind": "期限", "answer": "6月30日"})],
    "ask_done": [("", {**_CODE, "words": "差不多弄完了", "unsigned": False}), ("还没有签收", {**_CODE, "words": "收到，好了", "unsigned": True})],
    "ask_name": [("", {})],
    "ask_progress": [("", _CODE)],
    "ask_reason": [("", {**_CODE, "due": date(2022, 7, 21)})],
    "ask_refuse": [("", {**_CODE, "unit": UNIT.name, "changes": False})],
    "ask_reopen": [("", {**_CODE, "unit": UNIT.name, "changes": True, "by": date(2022, 6, 30)})],
    "ask_return": [("", {**_CODE, "unit": UNIT.name, "changes": False})],
    "ask_evidence": [("", {**_CODE, "missing": ("照片",)})],
    "ask_which_file": [("", {"names": ["现场照片2.jpg", "现场照片1.jpg"]})],
    "ask_call": [
        ("", {"what": "还没弄完", "more": False, "rows": [], "call": "群发“请报危房群众转移情况”", "tasks": True}),
        ("没有任务", {"what": "电话打不通", "more": False, "rows": [], "call": "叫应“台风登陆，立即核实”", "tasks": False}),
    ],
    "ask_which": [
        ("", {"what": "已经报上去了", "more": True, "rows": [], "only": ""}),
        ("只有一项", {"what": "塔吊那项搞完了", "more": False, "rows": [], "only": "〔A-10〕检查建筑工地塔吊"}),
        ("卡片上", {"what": "办结", "more": False, "only": "", "rows": ["A-1　对辖区烟花爆竹零售点开展一次全面检查。", "A-2　完成老旧小区消防通道清理。"]}),
    ],
    "ask_year": [("", {"why": "文件标题写的是2023年", "year": 2022, "word": "启动", "campaign": CAMPAIGN})],
    "after_closing": [("", {"how": "〔A-7〕已由王协调于6月24日10:00核查销号"})],
    "asked": [("", {})],
    "bad_code": [("", {})],
    "beside_a_notice": [("", {})],
    "beside_a_report": [("", {})],
    "board_link": [("", {"link": "https://board.example/enter/3fV…", "minutes": 10, "hours": 12})],
    "before_summons": [
        ("", {"unit": UNIT.name, "lines": [line(3)], "workdays": 15, "contacts": False}),
        ("给负责人", {"unit": UNIT.name, "lines": [line(3)], "workdays": 15, "contacts": True}),
    ],
    "bound": [
        ("单位群", {"what": UNIT.name, "rank": "unit", "rows": [], "answer_word": "回复本条"}),
        ("协调室", {"what": "协调室", "rank": "room", "rows": ["王协调：协调员（Telegram）"]}),
    ],
    "bound_there": [("", {"title": "安监站工作群", "what": UNIT.name})],
    "broadcast_preview": [
        ("", {"kind": "群发", "audience": "全部", "total": 12, "chats": 11, "without": ["镇供销社"], "units": ["镇安监站", "镇城建办"],
              "files": [], "minutes": None, "options": [], "goes_at": "6月24日（周五）8:31", "set_for": "", "closed": False,
              "text": "【群发】今晚有暴雨，请加强值守。"}),
        ("定时，有选项", {"kind": "群发", "audience": "镇安监站", "total": 1, "chats": 1, "without": [], "units": [], "files": [], "minutes": None,
              "options": ["已转移", "未转移"], "goes_at": "", "set_for": "6月24日（周五）7:00", "closed": True,
              "text": "【群发】请报转移情况。\n——王协调\n请选一项：已转移／未转移（按按钮，或回复本条写其中一项）。"}),
    ],
    "calendar_link": [("", {"link": "https://board.example/calendar/9Kd….ics"})],
    "brought": [
        ("领导交办", {"rows": [_DUTY], "open": False, "problem": False, "today": date(2022, 6, 23)}),
        ("还缺期限", {"rows": [SimpleNamespace(text="请镇水利站核实水库水位", units=[("责任", ["镇水利站"])], days=[])], "open": True, "problem": False, "today": date(2022, 6, 23)}),
    ],
    "brought_decided": [
        ("", {"words": "请镇安监站6月30日前报送企业名单", "who": "王协调 6月23日10:00", "rows": ["〔B-3〕镇安监站：报送企业名单"], "problem": False, "why": ""}),
        ("没有发出", {"words": "请镇安监站6月30日前报送企业名单", "who": "王协调 6月23日10:00", "rows": [], "problem": False, "why": ""}),
        ("没有发出，写明理由", {"words": "请镇安监站6月30日前报送企业名单", "who": "王协调 6月23日10:00", "rows": [], "problem": False, "why": "上月已经报过"}),
    ],
    "called": [
        ("别名", {"unit": UNIT.name, "names": ["镇安办"], "former": False}),
        ("曾用名", {"unit": UNIT.name, "names": ["镇安全生产监督管理站"], "former": True}),
    ],
    "cancelled": [("", {"what": "未提交申请"})],
    "checklist": [("", {"number": 1})],
    "chosen": [
        ("", {"units": [UNIT.name], "choice": "已转移", "before": "", **_DONE}),
        ("改了", {"units": [UNIT.name], "choice": "已转移", "before": "未转移", **_DONE}),
    ],
    "closed": [("", {})],
    "confirmed": [
        ("", {"units": [UNIT.name], "options": [], **_DONE}),
        ("有选项", {"units": [UNIT.name], "options": ["已转移", "未转移", "需支援"], **_DONE}),
    ],
    "corrected": [("", {**_CODE, "who": "王协调", "at": AT, "what": "期限改为2022年7月15日"})],
    "codes": [("", {"count": 12, "until": "6月26日09:12"})],
    "decided": [
        ("", {**_CODE, "unit": UNIT.name, "outcome": "已核查销号", "who": "王协调", "at": AT, "due": None, "anew": None, "valid": False}),
        ("没有新有效期", {**_CODE, "unit": UNIT.name, "outcome": "已核查销号", "who": "王协调", "at": AT, "due": None, "anew": None, "valid": True}),
        ("重开，期限已过", {**_CODE, "unit": UNIT.name, "outcome": "已重开", "who": "王协调", "at": AT, "due": None, "anew": date(2022, 7, 20), "valid": False}),
    ],
    "deputy": [
        ("", {"name": "王副局长", "leader": "李局长", "begins": None, "until": date(2022, 7, 15)}),
        ("以后才外出", {"name": "王副局长", "leader": "李局长", "begins": date(2022, 7, 11), "until": date(2022, 7, 15)}),
    ],
    "deputy_ended": [("", {"names": ["王副局长"], "leader": "李局长"})],
    "discarded": [("", {"campaign": CAMPAIGN})],
    "dismissed": [("", {"who": "周彤", "ranks": ["协调员"]})],
    "doubt": [("", {"settled": "", "nth": 1, "all": 3, "kind": "期限", "doubt": _DOUBT, "read": "2022年6月30日（周四）", "answer": "6月30日"})],
    "doubts_asked": [
        ("", {"settled": "", "campaign": CAMPAIGN, "all": 3, "open": 1}),
        ("都已定", {"settled": "第3处〔A-7〕期限：2022年12月10日。", "campaign": CAMPAIGN, "all": 3, "open": 0}),
    ],
    "draft_moved": [("", {"kind": "约谈", "units": [UNIT.name], "waiting": True, "items": 2, "closed": []})],
    "duty": [
        ("", {"campaign": CAMPAIGN.title, **_OWN, "rows": [_DUTY], "asked": "", "left": [], "without": ["镇水利站"], "no_such_days": (), "problem": False, "pictures": 0, "goes_at": "", "late": ""}),
        ("没有单位", {"campaign": CAMPAIGN.title, **_OWN, "rows": [_DUTY], "asked": "unit", "left": ["“水库清淤抓紧”（没有归到哪一项任务，请核对）"], "without": [], "no_such_days": (), "problem": False, "pictures": 0, "goes_at": "", "late": ""}),
        ("不认识的单位", {"campaign": CAMPAIGN.title, **_OWN, "rows": [_DUTY], "asked": "name", "alike": True, "unknown": ["镇水利所"], "left": [], "without": [], "no_such_days": (), "problem": False, "pictures": 0, "goes_at": "", "late": ""}),
        ("没有这一天", {"campaign": CAMPAIGN.title, **_OWN, "rows": [_DUTY], "asked": "deadline", "left": [], "without": [], "no_such_days": ("6月31日",), "problem": False, "pictures": 0, "goes_at": "", "late": ""}),
        ("领导交办", {"campaign": CAMPAIGN.title, "rows": [_DUTY], "asked": "", "left": [], "without": [], "no_such_days": (), "problem": False, "pictures": 0, "goes_at": "", "late": "", "brought_as": "领导交办", "brought_by": "周书记"}),
        ("问题", {"campaign": "问题隐患整改（2022年）", **_OWN, "rows": [_FINDING], "asked": "", "left": [], "without": [], "no_such_days": (), "problem": True, "pictures": 2, "goes_at": "", "late": ""}),
        ("休息时间", {"campaign": CAMPAIGN.title, **_OWN, "rows": [_DUTY], "asked": "", "left": [], "without": [], "no_such_days": (), "problem": False, "pictures": 0, "goes_at": "6月27日（周一）8:30", "late": "6月25日"}),
    ],
    "duty_given": [
        ("", {"campaign": CAMPAIGN, "rows": ["〔A-43〕镇水利站：报送防汛值班表——6月30日"], "problem": False, "pictures": 0, "goes_at": "", "late": ""}),
        ("问题", {"campaign": CAMPAIGN, "rows": ["〔A-44〕镇安监站：加油站二号罐液位计失灵"], "problem": True, "pictures": 2, "goes_at": "", "late": ""}),
        ("休息时间", {"campaign": CAMPAIGN, "rows": ["〔A-43〕镇水利站：报送防汛值班表——6月30日"], "problem": False, "pictures": 0, "goes_at": "6月24日（周五）8:30", "late": ""}),
    ],
    "edited_unclear": [("", {**_CODE, "words": "嗯那个", "what": "报进展"})],
    "end_preview": [("", {"campaign": CAMPAIGN, "left": _LEFT})],
    "ended": [("", {"campaign": CAMPAIGN, "left": _LEFT})],
    "evidence": [
        ("", {**_CODE, "names": ["现场照片1.jpg"], "late": "", "missing": ()}),
        ("还缺", {**_CODE, "names": ["现场照片1.jpg"], "late": "", "missing": ("报告",)}),
    ],
    "evidence_verified": [("", {})],
    "evidence_withdrawn": [
        ("", {**_CODE, "names": ["现场照片1.jpg"], "reported": False, "missing": ()}),
        ("已报办结", {**_CODE, "names": ["现场照片1.jpg"], "reported": True, "missing": ("照片",)}),
    ],
    "expand_preview": [
        ("", {"unit": "镇安委会成员单位", "members": ["镇安监站", "镇中心校", "镇水利站"], "unknown": ["镇水利站"], "open": 4, "made": 12, "running": 4,
              "without": ["镇中心校"]}),
        ("没有任务", {"unit": "镇安委会成员单位", "members": ["镇安监站"], "unknown": [], "open": 0, "made": 0, "running": 0, "without": []}),
    ],
    "expanded": [("", {"unit": "镇安委会成员单位", "new": ["镇安监站", "镇水利站"], "made": 12})],
    "extension_asked": [("", {**_CODE, "due": date(2022, 7, 21), **_DONE})],
    "extension_confirm": [("", {**_CODE, "old": date(2022, 7, 7), "undated": "", "due": date(2022, 7, 21), "words": "雨天无法施工"})],
    "fault": [("", {})],
    "files_wait": [("", {"names": ["现场照片1.jpg", "现场照片2.jpg"]})],
    "help_all": [("", {"rows": ["清单 逾期——看逾期的"]})],
    "help_contact": [
        ("", {"open": 5, "waiting": 2, "code": "A-1", "minutes": 0}),
        ("刚办过一项", {"open": 5, "waiting": 0, "code": "A-1", "minutes": 10}),
        ("没有待办", {"open": 0, "waiting": 0, "code": "", "minutes": 0}),
    ],
    "help_coordinator": [
        ("", {"steers": True, "waits": Waits(1, 1, 2, 3, 0, "A-5", "A-2")}),
        ("领导", {"steers": False, "waits": Waits(0, 0, 2, 3, 1, "", "")}),
    ],
    "how_it_stands": [("", {"rows": ["〔A-2〕已由孙站长于6月22日10:05申请延期，等待协调员批复", "〔A-5〕已由孙站长于6月22日10:06报办结，等待协调员核查"]})],
    "imported": [
        ("", {"campaign": CAMPAIGN, "new": True, "year": 2022, "tasks": 30, "lines": 42, "units": 12, "chats": 11, "edits": [], "shown": 5, "doubts": 2,
              "without": ["镇供销社"], "nobody": [("各有关单位", ["A-6"])], "uncertain": ["〔A-9〕“适时”"], "past": ["〔A-3〕6月22日"], "unread": [], "alike": [], "called": ["“安监站”→镇安监站"], "like": None}),
    ],
    "invited": [("单位", {"name": UNIT.name, "rank": "", "code": "K7M2Q9XA", "until": "6月26日09:12", "link": "", "group": True, "bind": "/bind"})],
    "invited_in_private": [("", {"name": "周彤"})],
    "joined": [("", {"bind": "/bind"})],
    "kept_apart": [("", {"one": "镇安监站", "other": "县安监站"})],
    "by_unit": [("", {"rows": [(UNIT.name, {"total": 6, "late": 2, "reported": 1, "closed": 3}), ("镇安监站", {"total": 4, "late": 0, "reported": 0, "closed": 4})]})],
    "list": [("", {"heading": "待办任务", "total": 3, "pages": 1, "page": 1, "items": _ITEMS, "units": False, "assisting": (1, False)})],
    "merge_preview": [("", {"name": "安监站", "into": UNIT.name, "rows": [f"留“{UNIT.name}”：安监站的4项交办转入{UNIT.name}，“安监站”以后作它的别名。", f"留“安监站”：{UNIT.name}的6项交办、1个会话转入安监站，“{UNIT.name}”以后作它的别名。"]})],
    "merged": [("", {"name": "安监站", "into": UNIT.name, "moved": 4})],
    "named": [("", {"name": WHO})],
    "no_room": [("", {"files": "现场照片1.jpg"})],
    "not_done": [
        ("", {**_CODE, **_WHEN, **_DONE, "taken_back": False, "late": None}),
        ("此前报过办结", {**_CODE, **_WHEN, **_DONE, "taken_back": True, "late": None}),
        ("说了期限以后的日子", {**_CODE, **_WHEN, **_DONE, "taken_back": False, "late": date(2022, 9, 20)}),
    ],
    "note": [
        ("转给他人", {"codes": ["A-2"], "words": "转给李工", "in_charge": "李工", **_DONE}),
        ("稍后答复", {"codes": ["A-2"], "words": "今天下班前回复", "in_charge": None, **_DONE}),
    ],
    "not_kept": [("", {"files": [("现场照片1.jpg", "〔A-2〕已由王协调于6月22日撤销")]})],
    "not_yours": [("", {})],
    "noted": [
        ("", {"over": "", "nothing": False}),
        ("没有可签收的", {"over": "", "nothing": True}),
        ("已销号的", {"over": "〔A-2〕已由王协调于6月21日09:32核查销号", "nothing": False}),
    ],
    "nothing_to_undo": [("", {"minutes": 10})],
    "nudge_preview": [
        ("", {"kinds": [("催办", 3, 2), ("催签收", 1, 1)], "units": [("镇安监站", 3), ("镇中心校", 1)], "named": 8, "left": 2, "goes_at": ""}),
    ],
    "nudged": [
        ("", {"kinds": [("催办", 1, 1)], "units": [("镇安监站", 1)], "named": 8, "codes": ["A-3"], "goes_at": "6月24日（周五）8:31",
              "left": [("A-3", "镇中心校", "已报待核")]}),
    ],
    "opened": [("已登记", {"known": True}), ("未登记", {"known": False})],
    "paper_changed": [("", {"what": "通报已修改，待签发。"})],
    "papers": [
        ("", {"rows": ["2 约谈（6月23日拟稿，待签发）：镇安监站", "1 通报 2022年第2期（6月20日09:40签发）：镇安监站、镇中心校"]}),
        ("没有", {"rows": []}),
    ],
    "passed_on_report": [("", {**_CODE, "unit": UNIT.name, "level": "复查", "leads": False, **_DONE})],
    "passed_on": [
        ("", {"files": [], "before": "", "choice": "", "options": []}),
        ("选了一项", {"files": [], "before": "", "choice": "已转移", "options": []}),
        ("改选", {"files": [], "choice": "已转移", "before": "未转移", "options": []}),
        ("还没选", {"files": [], "before": "", "choice": "", "options": ["已转移", "未转移"]}),
        ("说的不是选项", {"files": [], "choice": "", "before": "未转移", "options": ["已转移", "未转移"]}),
    ],
    "passes_ended": [("", {"what": "看板已退出：发给您的链接和各处的登录都已失效"})],
    "paused": [("", {"campaign": CAMPAIGN})],
    "measure": [("", {**_CODE, "words": "二号罐停用，7月10日前更换液位计", **_DONE})],
    "pictures": [
        ("", {**_CODE, "phase": "整改前", "shown": True, "names": ["二号罐.jpg"]}),
        ("不是照片", {**_CODE, "phase": "", "shown": False, "names": ["说明.txt"]}),
    ],
    "problems": [
        ("", {"heading": "问题清单", "measures": False, "total": 40, "rows": _PROBLEMS, "today": TODAY, "units": True}),
        ("措施", {"heading": "整改措施清单", "measures": True, "total": 2, "rows": _PROBLEMS, "today": TODAY, "units": False}),
    ],
    "pending": [("", {"drafts": 1, "requests": 2, "troubled": 1, "shown": 5, "missed": []})],
    "own_score": [
        ("", {"month": date(2022, 6, 1), "rows": ["镇安监站《滨州镇夏季安全大检查任务清单》合计 +0.8（截至昨天，以公示为准）", "　〔A-2〕按期办结 +1（6月17日）", "　〔A-3〕逾期2个工作日 −0.2（6月24日）"]}),
        ("没有", {"month": date(2022, 6, 1), "rows": []}),
    ],
    "progress": [
        ("", {**_CODE, **_TOLD, "percent": 80, "words": "已清理四个小区", "expected": None, "late": None, **_WHEN, **_DONE}),
        ("说了哪天完成", {**_CODE, **_TOLD, "percent": None, "words": "下周二收尾", "expected": date(2022, 6, 28), "late": None, **_WHEN, **_DONE}),
        ("说了期限以后的日子", {**_CODE, **_TOLD, "percent": None, "words": "要到七月中旬", "expected": date(2022, 7, 20), "late": date(2022, 7, 20), **_WHEN, **_DONE}),
        ("说了交给谁办", {**_CODE, **_TOLD, "percent": None, "words": "转李工办，正在清理", "expected": None, "late": None, "in_charge": "李工", **_WHEN, **_DONE}),
        ("零报告", {**_CODE, **_TOLD, "percent": None, "words": "本月零报告", "expected": None, "late": None, "nil": True, "report": True, **_WHEN, **_DONE}),
        ("说没有这类情况", {**_CODE, **_TOLD, "percent": None, "words": "本月我镇不涉及", "expected": None, "late": None, "nil": True, "foreign": True, **_WHEN, **_DONE}),
    ],
    "progress_of_several": [("", {"codes": ["A-2", "A-5", "A-7"], "words": "都在推进", **_DONE})],
    "reading": [("", {"files": "任务清单（扫描件）.pdf", "minutes": 10})],
    "reported_several": [("", {"codes": ["A-2", "A-5"], "short": [("A-5", ("照片",))], "left": [("D-1", date(2025, 7, 4))], "awaits": "协调员核查", **_DONE})],
    "no_hurry": [("", _CODE), ("没有编号", {"code": ""})],
    "request_left": [("", {**_CODE, "due": date(2022, 7, 12), "words": "设备到货推迟"})],
    "refused_before": [
        ("写了日期", {**_CODE, "unit": UNIT.name, "what": "已由王协调于6月22日10:00不同意延期", "now": date(2022, 7, 7), "due": date(2022, 7, 14)}),
        ("没有写日期", {**_CODE, "unit": UNIT.name, "what": "已由王协调于6月22日10:00不同意延期", "now": date(2022, 7, 7), "due": None}),
    ],
    "refused": [("", {"why": "没有找到这项任务。"})],
    "rehearsed": [
        ("", {"title": CAMPAIGN.title, "first": date(2022, 3, 1), "last": date(2022, 12, 31), "total": 320, "busiest": date(2022, 6, 27),
              "busiest_count": 24, "kinds": [("提醒", 120)], "months": [(6, 80)], "chats": [("协调室", 90)]}),
    ],
    "rehearsing": [("", {"campaign": CAMPAIGN})],
    "reported": [("", {**_CODE, **_DONE, "missing": (), "awaits": "协调员核查", "valid": False}), ("缺佐证", {**_CODE, **_DONE, "missing": ("照片", "报告"), "awaits": "牵头单位复查", "valid": True})],
    "ends_for_all": [("", {**_CODE, "what": "撤销", "title": "每月报送检查情况。", "units": 2, "total": 14, "rows": ["〔A-7〕镇安监站：待签收，7月25日到期", "〔A-7〕镇水利站：待签收，7月25日到期"]})],
    "renewed_already": [("", {**_CODE, "awaits": "协调员核查", "day": date(2025, 6, 30), "when": "已由张工于6月23日09:05报办结"})],
    "renewed": [("", {**_CODE, "awaits": "协调员核查", "day": date(2025, 6, 30), "asked": date(2025, 3, 30), **_DONE})],
    "renewed_in_room": [("", {**_CODE, "units": [UNIT.name], "day": date(2025, 6, 30), "asked": date(2025, 3, 30), "who": "王协调", "at": AT})],
    "resumed": [("", {"campaign": CAMPAIGN})],
    "revised": [("", {"campaign": CAMPAIGN, "applied": False, "rows": ["变更 〔A-2〕 完成老旧小区消防通道清理。\n　　期限：2022年7月7日 → 2022年7月15日", "新增 〔A-12〕 报送防汛物资台账。"], "unchanged": 29, "shown": 12, "kept": []})],
    "rows": [("", {"heading": "尚未签收的单位", "rows": ["镇中心校：2项"]})],
    "roster": [("", {"count": 12})],
    "roster_applied": [("", {"kinds": [("新增名称", ["镇安办（即镇安监站）"])], "expanded": 0, "refused": [], "shown": 8})],
    "roster_preview": [
        ("", {"kinds": [("新增单位", ["镇水利站"]), ("新增成员", ["镇安委会成员单位（镇水利站）"]), ("登记联络员", ["赵敏（镇安监站）"])], "expanded": 4,
              "refused": ["人员名录第5行：孙站长还没有和机器人说过话，未登记"], "shown": 8}),
        ("没有改动", {"kinds": [], "expanded": 0, "refused": [], "shown": 8}),
    ],
    "sent": [
        ("", {"count": 11, "without": 1, "goes_at": "", "set_for": ""}),
        ("定时", {"count": 11, "without": 0, "goes_at": "", "set_for": "6月24日（周五）7:00"}),
    ],
    "show": [
        ("", {"item": _ITEMS[1], "section": "", "literal": "6月底前", "whole": _ITEMS[1].text, "others": _ITEMS[1:2], "trail": [f"{AT} {WHO} 签收"], "missing": (), "over": ""}),
        ("专项已结束", {"item": _ITEMS[1], "section": "", "literal": "6月底前", "whole": _ITEMS[1].text, "others": _ITEMS[1:2], "trail": [f"{AT} {WHO} 签收"], "missing": (), "over": "专项行动2已由王协调于2022年6月24日结束，不再办理"}),
    ],
    "round_preview": [
        ("", {"title": "消防通道清理进展", "campaign": CAMPAIGN.title, "scope": "黄灯以上单位", "total": 2, "items": 3, "due": date(2022, 6, 24),
              "fields": ["进展", "存在问题", "下一步", "完成比例"], "twice": True, "units": [UNIT.name, "镇城建办"], "without": ["镇供销社"],
              "idle": [], "chases": "到期前1个工作日、到期当天", "goes_at": "", "late": ""}),
        ("点名的有一家没有未办结任务", {"title": "消防通道清理进展", "campaign": CAMPAIGN.title, "scope": "未办结单位", "total": 1, "items": 1, "due": date(2022, 6, 24),
              "fields": ["进展"], "twice": False, "units": [UNIT.name], "without": [], "idle": ["镇供销社"],
              "chases": "到期前1个工作日、到期当天", "goes_at": "", "late": ""}),
    ],
    "round_opened": [("", {"units": 2, "items": 3, "goes_at": "", "late": ""})],
    "round_day": [
        ("", {"title": "消防通道清理进展", "was": date(2022, 6, 24), "due": date(2022, 6, 27), "moved": False, "units": 2,
              "chases": "到期前1个工作日、到期当天", "goes_at": ""}),
        ("按“确认改期”以后", {"title": "消防通道清理进展", "was": date(2022, 6, 24), "due": date(2022, 6, 27), "moved": True, "units": 2,
                      "chases": "", "goes_at": "6月21日（周二）8:30"}),
        ("已经报齐", {"title": "消防通道清理进展", "was": date(2022, 6, 24), "due": date(2022, 6, 27), "moved": True, "units": 0, "chases": "",
                 "goes_at": ""}),
    ],
    "round_chased": [("", {"count": 1, "goes_at": ""})],
    "on_duty": [
        ("", {"whose": UNIT.name, "noted": True, "rows": ["2022年6月25日（周六）：王工、李工"], "before": [("6月25日", "赵工")]}),
        ("分班次", {"whose": UNIT.name, "noted": True, "rows": ["2022年6月25日（周六）：王工（白班）、李工（夜班） 13800138000"], "before": [("6月25日", "赵工")]}),
        ("问谁值班", {"whose": "本办", "noted": False, "rows": ["2022年6月25日（周六）：没有人"], "before": []}),
    ],
    "duty_sheet": [
        ("", {"counts": [("本办", 8), (UNIT.name, 30)], "changed": 2, "refused": ["第5行：没有看懂日期"], "shown": 5}),
        ("没有可记的", {"counts": [], "changed": 0, "refused": ["第2行：6月1日已过"], "shown": 5}),
    ],
    "duty_gap": [("", {"whose": "本办", "rows": ["2022年6月25日（周六）：没有人", "2022年6月26日（周日）：只有王工"], "wanted": 2})],
    "duty_called": [("", {"words": "今晚有暴雨，请立即核实避险情况！", "who": "王协调", "unit": UNIT.name})],
    "duty_told": [("", {"unit": UNIT.name, "words": "已转移120人，另有两户需支援"})],
    "not_cosigned": [("", {"title": "消防通道清理进展", "codes": ["A-7"], "who": "李工", "by": "张工"})],
    "cosigned": [("", {"codes": ["A-2", "A-5"], **_DONE})],
    "score": [
        (
            "一个月的各单位",
            {
                "month": date(2022, 6, 1),
                "campaign": CAMPAIGN.title,
                "stands": "尚未公示",
                "rows": ["镇政府办　+2", "镇安监站　+0.8"],
                "rest": 9,
            },
        ),
        (
            "公示之前",
            {
                "month": date(2022, 6, 1),
                "campaign": CAMPAIGN.title,
                "stands": "尚未公示；按“确认公示”告知2个单位",
                "rows": ["镇政府办　+2", "镇安监站　+0.8"],
                "rest": 0,
            },
        ),
        ("一个单位，没有加扣分", {"month": date(2022, 6, 1), "campaign": "", "stands": "镇安监站　合计 0", "rows": [], "rest": 0}),
    ],
    "progress_chart": [
        (
            "没有能画图的字体，或会话不能传文件",
            {
                "title": CAMPAIGN.title,
                "year": 2022,
                "due": 21,
                "done": 9,
                "total": 42,
                "rows": [("4月", 2, 1), ("5月", 2, 2), ("今天", 21, 9)],
            },
        )
    ],
    "score_shown": [("", {"month": date(2022, 6, 1), "count": 11, "until": "7月6日"})],
    "score_decided": [("采纳", {"upheld": True}), ("不采纳", {"upheld": False})],
    "signed": [("", {"first": 2, "last": 2, "measure": "期", "count": 11, "goes_at": "", "unreached": [], "left_out": 0})],
    "summons_drafted": [
        ("", {"rows": [f"{UNIT.name}：〔A-3〕、〔A-7〕"], "reason": "两次催办没有回应"}),
        ("没有写理由", {"rows": [f"{UNIT.name}：〔A-3〕"], "reason": ""}),
    ],
    "talked": [("", {"units": [UNIT.name], "codes": ["A-3"], "words": "主要负责人承诺7月底前完成"})],
    "since_then": [("", {"kind": "提醒", "codes": "〔A-2〕", "what": "已由赵敏于6月22日报办结"})],
    "spot_check": [
        ("", {"campaign": CAMPAIGN, "check": SimpleNamespace(pool=40, share="10%", seed="5f2c9a7be1d04c36"), "drawn": 4, "holds": 1, "fails": 1,
              "rows": [SimpleNamespace(code="A-2", unit=UNIT, title="完成老旧小区消防通道清理。", assignment=SimpleNamespace(due=date(2022, 6, 30)))], "more": 0}),
    ],
    "spot_checked": [("", {**_CODE, "unit": UNIT.name, "title": "完成老旧小区消防通道清理。", "due": date(2022, 6, 30), "report": SimpleNamespace(who=WHO, words="通道已全部清理"), "at": AT, "files": ["现场照片1.jpg"]})],
    "stale": [
        ("已有人签收", {**_CODE, "what": "已由赵敏于6月22日16:40签收", "state": "已签收", "due": date(2022, 7, 7)}),
        ("已有人报办结", {**_CODE, "what": "已由赵敏于6月22日16:40报办结", "state": "已报待核", "due": date(2022, 7, 7)}),
        ("已退回", {**_CODE, "what": "已由王协调于6月22日16:40退回", "state": "办理中", "due": date(2022, 7, 7)}),
    ],
    "status": [("", {"campaign": CAMPAIGN.title, "total": 42, "counts": dict(zip(("red", "yellow", "green", "blue", "grey", "white"), (2, 5, 20, 1, 9, 5), strict=True)), "closed": 7, "assisting": 1})],
    "stranger": [("", {})],
    "too_many_codes": [("", {})],
    "not_understood": [("", {"words": "嗯那个再看看吧"})],
    "not_ours": [("", {})],
    "cried": [("", {})],
    "leaves": [("", {"unit": UNIT.name})],
    "leaves_room": [("协调室看到的", {"who": WHO, "unit": UNIT.name, "words": "我调走了", "contact": True})],
    "offered": [("", {"rows": []}), ("企业微信", {"rows": ["〔A-2〕期限改为7月20日"]})],
    "not_understood_in_room": [
        ("", {"words": "食堂今天吃什么", "stranger": ""}),
        ("不认识的单位", {"words": "卫健局什么情况", "stranger": "卫健局"}),
    ],
    "unbound": [("", {"bind": "/bind"})],
    "unbound_there": [("", {"unit": UNIT.name, "count": 1})],
    "request_let_go": [("", {**_CODE, "due": date(2022, 7, 1), "undated": ""})],
    "unit_entered": [("", {"unit": "镇卫生院"})],
    "verified": [("", {"done": [("已核查销号", [("A-2", UNIT.name), ("A-5", "镇水利站")]), ("核查属实，公示至2022年6月30日，期满自动销号", [("B-1", UNIT.name)])], "left": ["〔A-7〕镇中心校：已由李协调于6月23日09:02退回"], "who": "王协调", "at": AT})],
    "withdrawn": [("", {})],
    "verdicts_preview": [
        ("", {"groups": [("核查销号", "", [Report("A-2", UNIT.name, "完成老旧小区消防通道清理。", WHO, "6月22日16:40", "通道已全部清理，见照片", 2)]),
                         ("退回", "照片看不清", [Report("A-5", "镇水利站", "组织一次防汛演练。", "钱工", "6月22日17:05", "", 0)]),
                         ("同意延期", "", [Report("A-6", "镇中心校", "更换教室灯具。", "", "", "", 0, due=date(2022, 7, 5))])], "more": 3, "left": ["〔A-7〕没有单位报办结"]}),
    ],
    "verify_preview": [
        ("", {"rows": [Report("A-2", UNIT.name, "完成老旧小区消防通道清理。", WHO, "6月22日16:40", "通道已全部清理，见照片", 2),
                       Report("A-5", "镇水利站", "组织一次防汛演练。", "钱工", "6月22日17:05", "", 0, ("照片",))], "more": 3, "left": []}),
    ],
    "telephoned": [("", {"unit": UNIT.name, "reached": True, "outcome": "孙站长接听"}), ("未接通", {"unit": UNIT.name, "reached": False, "outcome": "无人接听"})],
    "undone": [
        ("", {"done": [("报办结", "A-2", "已签收")]}),
        ("一句话说的几项", {"done": [("报进展", "A-2", "已签收"), ("报进展", "A-5", "待签收")]}),
    ],
}  # fmt: skip
"""By the template's name: what the sample shows, and the values."""
