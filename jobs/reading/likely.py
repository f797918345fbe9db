"""What looks like a unit's name and what does not: a person, a meeting, a piece of a sentence, anybody."""

import re

from jobs.reading.several import COUNTED

_ENDS = (
    r"厅|局|委|办|各系|车间|办公室|委员会|(?<![干内])部|部门|单位|总队|支队|大队|中队|中心|公司|集团|企业|政府|党委|党组|管委会|管理委员会|院|会|联合会|银行|协会|(?<![实到何此随好\d])处|(?<!部)署|"
    r"科|[科处股]室|(?<![控参入持炒])股|队|站|(?<!场)所|社|团|(?<![离返到在入])校|学院|大学|园区|开发区|高新区|新区|专班|工委|街道|乡镇|镇|(?<![城下故返入思进到驻离归回还之老同侨])(?<!^家)乡|村|县|市|(?<!片)区|省|州|盟|旗|机构|镇街|街镇|防指|海关|法院|检察院|联社|指挥部|小组|专区|林场|"
    r"委机关|府机关|党政机关|办理机构|(?:校医|医务|政教|团委|督[查察]|研究|政研|教研|科研|编研|信访|机要|监察|审计|财务|综合|党政|人事|纪检|法制|档案)室|[查作导家保项领级研课科题审核传合调络障息勤援察疗护]组|各地|属地|地方|地区|法人|"
    r"党组织|党总支|(?:法|审判)庭|[一二三四五六七八九十]中|中学|小学|幼儿园|(?:图书|博物|档案|文化|科技|体育|纪念|美术)馆|气象台|乡镇场|[分支]行|[妇残文侨社商]联|[科消作记文体贸]协|电视台|报社|[车工电机]务段|供电段"
)

_UNIT = re.compile(rf"(?:{_ENDS})(?:[（(][^（）()]*[）)][区县市]?)?(?:党委政府|政府|安委会|安委办)?$")

_NO_UNIT_BEFORE = re.compile(
    r"(?:自然资源|发展|住房|人力资源|文化|粮食|工业|卫生|教育|退役|市场|城乡|规划|环境|农业|商务|民族|新闻|广播|文物|(?<!党政)(?<!委)(?<!府)机关)$"
)

LONGEST = 120
"""Characters that a unit's name has at the most, with what stands in brackets after it; no more are looked at."""


def is_unit(text: str, start: int = 0, end: int | None = None) -> bool:
    """Tell whether a text, or its part from ``start`` (inclusive) to ``end`` (exclusive), ends as a unit's name does."""
    tail = text[max(start, (len(text) if end is None else end) - LONGEST) : end]
    return len(tail) >= 2 and bool(_UNIT.search(tail)) and not _NO_UNIT_BEFORE.search(tail)


SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"

_TITLES = (
    r"(?:副|常务副|党委|党组|支部|总)*(?:书记|市长|县长|区长|省长|镇长|乡长|局长|厅长|主任|处长|科长|院长|校长|总经理|经理|董事长|部长|秘书长|队长|会长|行长|站长|所长|常委|"
    r"委员长|主席|总工程师|工程师|科员|同志)"
)

_PERSON = re.compile(
    rf"^(?:[\u4e00-\u9fff]某{{1,2}}|[老小阿](?![学组区年委企微矿旧干友兵科镇城])[\u4e00-\u9fff]$|[{SURNAMES}](?:某某|[\u4e00-\u9fff]{{1,2}})|欧阳.{{1,2}}|.{{0,8}}?{_TITLES}(?:[{SURNAMES}].{{1,2}})?|[{SURNAMES}].{{1,2}}{_TITLES})$"
)

_DEPARTMENTS = frozenset(
    [
        "林业",
        "林场",
        "高新园",
        "金融",
        "文旅",
        "石油",
        "石化",
        "卫健",
        "高速",
        "高新",
        "白酒",
        "江河",
        "方志",
        "任务",
        "田间",
        "夏粮",
        "严重",
        "万家",
        "向阳",
        "武装",
        "武警",
        "史志",
        "龙头",
        "金属",
        "余热",
        "于此",
        "何地",
        "高校",
        "周边",
        "许可",
    ]
)
"""Words that begin like a name and are none."""

OFFICER = re.compile(rf"(?<=[厅局委办部院府会队处])(?:主要)?(?:负责人|{_TITLES})(?:[{SURNAMES}].{{1,2}})?$")

CONTACT = re.compile(
    r"[（(][^（）()]{0,80}?(?:联系|电话|手机|责任人|负责人|\d{7})[^（）()]{0,80}[）)]|(?:责任人|联系人|负责人|联系电话|电话)[:：][^；;，,。\n]*|(?:(?<=[局委办厅镇乡])[\u4e00-\u9fff]{2,3})?\s{0,4}(?<![\d\-])(?:0\d{2,3}-?)?\d{7,11}(?!\d)"
)


def _is_office(name: str) -> bool:
    """Tell 林业站 and 水利厅 from persons of three characters."""
    return looks_like_unit(name) and (
        len(name) > 3 or (len(name) == 3 and name[-1] in "厅局委办站所署院社科处队乡镇区县市州旗村部")
    )


def is_person(name: str) -> bool:
    """Tell a person's name, alone or with an office, from a unit's."""
    return bool(_PERSON.match(name)) and name not in _DEPARTMENTS and not _is_office(name)


_GOES = r"(?:均|结果|情况|材料|进展|台账|名单|总结|报告|一并|统一|及时|同步){1,3}"
_NOISE = re.compile(
    rf"^(?:各?[一二两三四五1-5]次|{_GOES}(?:上报|报送|抄送|抄报|报|提交|反馈)(?:至|给|到)?[\u4e00-\u9fff]+"
    r"|[\u4e00-\u9fff]*(?:存档|归档|留存|存底)(?:[一二两三四五十\d]年)?(?:备查)?|[\u4e00-\u9fff]*备查|下同"
    r"|列[\u4e00-\u9fff]{1,4}的为[\u4e00-\u9fff]+单位|/|-+|—+|无|等|同上|有关|相关|[\d.\-—/:]+|其他|其它|备注|.*(?:\d{4}[-/.年]\d|备案号|ICP备|公网安备).*)?$"
)
"""What is no unit where units stand: nothing, a day, the number of a web site, how often, to whom it is told, that it is kept."""


def is_noise(name: str) -> bool:
    return bool(_NOISE.match(name))


_NO_NAME = re.compile(
    r"^(?:谁|逐|年[内底末终初]|[季月][内底末]|汛期|随到|节[前中后]|限(?!公司)|赴|[同次当翌][日天]|随后|届时|逾期|确[需实有]|[阅酌核研][办处示研]|[一二三两每]次|移[交送]|[上下本这此]次|现就|就|原则上?|会议(?![\u4e00-\u9fff]{0,6}(?:组|中心|部|办|处)$)|拟|括号|抄送|抄报|委托|有资质|刚才|制定|制订|印发|为|是|将|无|含|即|或|以下|以|对|在|向|把|被|从|按|经|要|应|须|需|每|其|不再|下同|本着|依据|根据|按照|结合|围绕|通过|关于|强化|加强|推进|推动|督促|"
    r"提醒|后(?=[报送交由经提])|报请|报送|报|提请|开展|落实|完善|健全|建立|深化|优化|提升|做[好到]|抓好|指导|坚持|聚焦|实施|加快|严格|全面|进一步|确保|力争|支持|鼓励|引导|发挥|压实|完成|整合|"
    r"形成|转|批转|呈|送|交(?!通)|提交|上报|汇总|召开|举办|印发|公布|编制|梳理|审议|新建|改建|扩建|建设|建成|设立|成立|组建|打造|同意|安排|协助|配合|帮助|针对|利用|依托|依法|充分|积极|大力|切实|深入|于|如|若|凡|因|与|和|及|由于|除|至|到|自|另|已|未|所|让|使|给|比|较|共|含|等)"
)
"""How no unit's name begins: what ends like one and begins like this is a piece of a sentence."""

_OBJECT = re.compile(
    r"(?:开放|启用|修缮|检修|修复|翻修|扩建|拆除|清理|疏通|升级|投用|建好|办好|管好|用好|打通|新增|增设|增加|设置|运营|创建|申报|引进|盘活|腾退|移交|装修|规范|整治|治理|排查|检查|巡查|搬迁|补充|购置|采购|配备|安装|更换|维修|维护|美化|亮化|绿化|封闭|验收)"
    r"(?!中心|办|组|科|队|站|所|室|股|处|局|[大中支]队|专班|领导|[\u4e00-\u9fff]{0,4}(?:服务|管理|指挥|工作|监督|执法|技术|检测))[\u4e00-\u9fff]{2,}"
)
"""开放健身中心: what is to be done, and to what that ends as a unit's name does."""
_NAMES_ALL_THE_SAME = re.compile(
    r"^(?:所在(?:地|[区县市镇乡]|街道)|所属各?(?:单位|部门|学校|企业|中队|科室)|以上(?:各|\d+[家个])?(?:单位|部门|乡镇|科室|学校)|其[他它余](?:各)?(?:单位|部门|乡镇|镇|街道|科室)|建设|自然|自治|自规|自贸|交[警管运投委易]|对外|对口|未成年|含山|即墨|如[皋东]|若羌|将乐|支持中心|新建|就业|应急|经信|经济|经开|到家|安排|指导中心|发挥|和平|和县|经管|至善|比如|于[都洪田潜]|与|共青|共产)"
)


def looks_like_unit(name: str) -> bool:
    """Tell whether a text could be the name of a unit."""
    if SO_MANY.fullmatch(name):
        return True
    name = _IN_QUOTES.sub(lambda match: match["called"], name)
    if len(name) > LONGEST_NAME or not is_unit(name) or _NO_NAME_INSIDE.search(name) or _MEETING.search(name):
        return False
    if COUNTED.match(name) or _OBJECT.match(name):
        return False
    return not _NO_NAME.match(name) or bool(_NAMES_ALL_THE_SAME.match(name))


_IN_QUOTES = re.compile(
    r"[“‘「\"](?P<called>[^“”‘’「」\"]{1,8})[”’」\"](?=[\u4e00-\u9fff]{0,6}(?:办公?室?|专班|小组|工作组|指挥部|中心|委员会|[大支]队)$)"
)
"""各乡镇“三资”办: what an office is called for."""

_PLACES = r"乡镇|镇街|街镇|镇办|街道|镇|乡|县市区|市县区|区县|县区|县|区|(?:成员|责任|市直|县直|区直|直属|职能|相关|有关)?(?:部门|单位)"
SO_MANY = re.compile(
    rf"(?:全[省市县区州]|[省市县区州]直|其[他余它])?(?:\d{{1,3}}|[一二三四五六七八九十]{{2,3}})[个家](?:{_PLACES})(?:[、和及](?:{_PLACES}))*(?:[（(][^（）()]{{1,12}}[）)])?"
)
"""13个街道、镇: all that there are, which says who as 各镇、街道 does."""

_MEETING = re.compile(
    r"(?:班|晚|例|年|座谈|推进|现场|培训|动员|家长|运动|茶话|听证|调度|碰头|招聘|双选|见面|总结|部署|分析|研判|协商|启动|发布|表彰|观摩|交流|宣讲|"
    r"推介|洽谈|展示|研讨|论证|通报|视频|生活|恳谈|招商|签约|庆祝|动员大|总结大|表彰大|誓师大|庆祝大|报告|专题|办公)会$|[电泵闸]站$"
)
"""What ends as a union does and is held: 主题班会, 座谈会."""
LONGEST_NAME = 30

_NO_NAME_INSIDE = re.compile(
    r"第[一二]责任人|带队$|.期间|^有.*反馈|.(?:成立|组建)|.督促.|总监|班子|(?:名单|情况|结果|材料|方案|清单|台账|报告|数据|信息|总结|[表册])(?:报|送|交)|[局委办厅镇乡县]成员|分片|包[校村片]|[\d二两三四五六七八九十]个|.你|您|对[我本贵]|\d\s*月|[局委办厅院校司]帮扶|[：:]|.请|.的.|(?<!安)全部|的事|[局厅委办]商(?:[省市县区州各]|人民|国家)|[这本下]周|比如(?!县)|例如|[^自]由|提出|均?包括|.后[报送交经提](?![考])|[\d一二三四五六七八九十半](?:个?工作日|个?月|[日天周])[之以]?内|^[^（(]*[）)]|[（(][^）)]*$|[“”‘’\"\[\]【】]"
)
"""What stands in the middle of no name: a span of days, 你局 after something else, half a bracket."""

_SHORT = re.compile(
    r"(?:[省市州县区旗镇乡]|所在地)?(?:应急(?:管理)?|消防(?:救援)?|(?:公安)?(?:交警|交管|治安|刑侦|特警)|公安|城管(?:执法)?|综合执法|卫健|卫生|疾控|教育|教体|民政|(?:行政)?审批|住建|水利|水务|农业(?:农村)?|商务|"
    r"市监|市场监管|(?:生态)?环境|生态环境|环保|交通(?:运输)?|运管|海事|港航|文旅|文广旅|体育|财政|发改|工信|经信|科技|人社|自然资源|资规|自规|国土|林业|林草|气象|司法|信访|宣传|网信|审计|统计|税务|金融|"
    r"国资|机关事务|广电|地震|工会|妇联|残联|医保|退役(?:军人)?|人防|政务服务|大数据|档案|粮储|乡村振兴|供电|电力|供水|燃气|通信|电信|移动|联通|铁塔|铁路|民航|邮政|融媒(?:体)?|武警|人武|禁毒|公路|园林|市政|房管|农机|畜牧|渔业|民宗|供销|烟草|环卫|公交|机场|港口|航道|社区|街道|属地|物业)(?:部门|系统)?"
)
"""Departments as people name them for short: 应急、消防配合."""


OFFICE_FOR_SHORT = re.compile(rf"(?:{_SHORT.pattern}|公安|交警)(?:分?局|[厅委办站所]|支队|大队|中队|中心)")
"""教育局, 消防救援大队: what people call offices of their own county."""


def is_called(name: str) -> bool:
    """Tell whether a text could be a unit where it is said what it does: its name, or what its department is called."""
    return looks_like_unit(name) or bool(_SHORT.fullmatch(name))
