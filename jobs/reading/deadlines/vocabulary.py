"""The words of deadlines as data: a new wording is one line here and one test."""

import re

NUMERALS = {char: value for value, char in enumerate("零一二三四五六七八九")}

YEARS = {
    "今年": 0,
    "这一年": 0,
    "本年": 0,
    "当年": 0,
    "该年": 0,
    "下一年": 1,
    "下年": 1,
    "明年": 1,
    "次年": 1,
    "翌年": 1,
    "来年": 1,
    "明春": 1,
    "后年": 2,
    "去年": -1,
    "上年": -1,
    "前年": -2,
}
"""Years counted from the document's."""

MONTHS = {
    "本月": 0,
    "当月": 0,
    "这个月": 0,
    "今个月": 0,
    "这月": 0,
    "次月": 1,
    "下下个月": 2,
    "下下月": 2,
    "下个月": 1,
    "下月": 1,
    "上个月": -1,
    "上月": -1,
}
"""Months counted from the reference day's."""

DAYS = {
    "今天": 0,
    "今日": 0,
    "本日": 0,
    "当天": 0,
    "当日": 0,
    "同日": 0,
    "今晚": 0,
    "次日": 1,
    "翌日": 1,
    "大后天": 3,
    "大后日": 3,
    "明天": 1,
    "明日": 1,
    "明早": 1,
    "明晚": 1,
    "听日": 1,
    "后天": 2,
    "后日": 2,
    "今明二天": 1,
    "明后二天": 2,
    "这二天": 1,
    "昨天": -1,
    "昨日": -1,
}
"""Days counted from the reference day."""

TURNS = {"下下": 2, "下": 1, "本": 0, "这": 0, "上": -1}
"""Weeks and quarters counted from the reference day's."""

WEEKDAYS = {
    name: day for day, names in enumerate(("一1", "二2", "三3", "四4", "五5", "六6", "日天末7")) for name in names
}

BYDAY = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

PARTS = {
    "上中旬": (20, None),
    "中下旬": (-1, None),
    "上旬": (10, None),
    "中旬": (20, None),
    "下旬": (-1, None),
    "底": (-1, None),
    "末": (-1, None),
    "初": (10, "“初”没有确定的日子，按10日"),
    "中": (20, "“中”没有确定的日子，按20日"),
}
"""Parts of a month: the day each ends on (−1 is the last), and why a person should look."""

ONGOING = (
    r"(?:长期|持续|常态化|始终|不断|经常性|全程|一直)(?:地)?(?:坚持|推进|开展|实施|进行|落实|抓好|做好|整治|"
    r"跟进|加强|深化|运行|执行|保持|管控|监管|推动|提升|工作|任务|化|巩固|完善|更新|有效)*(?:,?(?:持续|常态化)?(?:推进|开展|坚持|实施))?"
    r"|贯穿(?:始终|全年|全过程)|全年(?:推进|开展|实施|持续推进|持续开展)|日常(?:工作|化)?|常年|常态(?:化)?(?:工作|机制)?|"
    r"长效(?:机制|管理)?|每日常态(?:化)?"
)
"""What stands in the place of a deadline and means: no end."""

IMMEDIATE = (
    r"(?:立即|当场|现场)(?:整改|办理|执行|落实|完成|实施|开展)?|立行立改|即知即改|即查即改|边查边改|立查立改|即行即改|立整立改|即日(?!起)|马上(?:整改|办理|就办)?|即办(?!件)|随办|"
    r"尽快(?:完成|办理|落实|整改)?|随到随办|即时(?:办理|整改|完成)?|即刻|当即|第一时间|即交即办|限期立改|立说立行"
)
"""What stands in the place of a deadline and means: at once."""

FIXED_EVENTS = {
    "元旦": (1, 1),
    "妇女节": (3, 8),
    "五一": (5, 1),
    "劳动节": (5, 1),
    "六一": (6, 1),
    "儿童节": (6, 1),
    "七一": (7, 1),
    "建党节": (7, 1),
    "八一": (8, 1),
    "教师节": (9, 10),
    "国庆": (10, 1),
    "双十一": (11, 11),
    "双十二": (12, 12),
    "十一": (10, 1),
}
"""Events on the same day every year."""

LUNAR_EVENTS = {
    "春节": "Spring Festival",
    "过年": "Spring Festival",
    "清明": "Tomb-sweeping Day",
    "端午": "Dragon Boat Festival",
    "中秋": "Mid-autumn Festival",
}
"""Events whose day the calendar of public holidays tells, for the years that it knows."""

KNOWN_EVENTS = {
    "十九大": (2017, 10, 18),
    "二十大": (2022, 10, 16),
    "二十届三中全会": (2024, 7, 15),
    "二十届四中全会": (2025, 10, 20),
}
"""Events with one day, as it was held."""

UNKNOWN_EVENTS = (
    "主汛期", "汛期", "(?<!防)汛", "入汛", "冬季", "入冬", "夏季高温", "高温季节", "高温天气", "雨季", "台风季", "全国二会", "省二会", "二会",
    "春运", "迎峰度冬", "迎峰度夏", "春耕", "春播", "秋播", "备耕", "农忙", "梅雨", "台风", "霜冻", "结冰", "降温", "秋收", "开学", "高考", "中考", "供暖(?![前后]?期)", "供暖季", "供热(?:季|期)?", "采暖季", "采暖期", "供暖期", "封冻", "复工复产", "复工", "亚运会", "冬奥会",
    "残奥会", "元宵", "重阳", "除夕", "小年", "腊八", "大年三十", "年关", "休渔", "禁渔", "开渔", "上冻", "开春", "三伏", "冬至", "立冬", "立春", "入伏", "[二双]节", "进博会", "世界互联网大会", "换届", "重大活动", "下次会议", "放假", "夏粮收购", "秋粮收购", "夏收", "三夏", "三秋", "春灌", "冬灌", "寒暑假", "寒假", "暑假", "[寒暑]期", "点火", "停暖", "返校", "报到", "选举", "投票", "验收",
    "(?:(?<![\u4e00-\u9fff])|(?<=[于在局厅]))会(?=前)", "数九", "惊蛰", "春分", "谷雨", "立夏", "小满", "芒种", "夏至", "小暑", "大暑", "立秋", "处暑", "白露", "秋分", "寒露", "霜降", "小雪", "大雪", "小寒", "大寒",
)  # fmt: skip
"""Events whose day no calendar tells; 二会 is how normal text writes 两会."""

PLACES = {"首": 1, "次": 1, "下": 1, "末": 3, "最": 3}
"""Which month of a quarter 首月, 末月 and 最后一个月 are; 次月 and 下月 are the first of the next one."""

BEFORE = r"(?:之前|以前|前(?![期述往景沿列台瞻身端置后]|提[是为下条]))"
"""前 after a day, and not the beginning of another word: 6月前期工作 is no deadline, 6月前提交 is one."""

WITHIN = r"(?:以内|之?内(?![容部涝设控外参蒙陆]|审(?![核查批定议])))"
"""内 after a day or a span, and not the beginning of another word such as 内容."""

HAPPENS = "(?:胜利)?(?:召开|来临|到来|开幕|举办|开始|举行|结束)?"

FINISHING = (
    r"完成|办结|达(?=\d)|超(?=\d)|实现|建成|达到|达标|出台|印发|制定|到位|投用|投入|降至|降为|降到|清零|销号|退出|关停|关闭|淘汰|"
    r"搬迁|上线|验收|建立|形成|落实|报|交|办理|解决|消除|拆除|见效|全覆盖|办好|搞定|弄完|做完|弄好|结束|取得|获得|送|呈|开业|投产|竣工|通车|完工|过半|封顶|试运行|投运|并网|挂网|挂牌|开标|定标|摘牌|贯通|合龙|移交|入驻|腾空|见底|销案|上架|"
    r"[换修装拆签改清填录跑搬建种收交验铺补走排]完|[换修拆备铺]好"
)
"""Verbs that finish something: near a date without 前 they show that it is a deadline."""

HOLDING = r"开展|组织|召开|举办|进行|实施|部署|培育|检查|督查|评估|安排|迎接|自查|核查|考评|考核|总结|抽查|观摩|抽检|宣传|培训|排查|拨付|发放|签约|签订|交付|启用|举行|修复|更换|运行|开放|汇总|公示|整治|清理|巡查|走访|评审|考试|报名|招录"
"""Verbs that only say when something is done: such a date is a deadline perhaps."""

UNMET = re.compile(r"(?:仍|尚|还|逾期)*(?:未|没有?|不能|无法|不愿|拒不)[^,。;]{0,14}的")
"""对6月底前未完成整改的企业: a condition and no deadline."""
