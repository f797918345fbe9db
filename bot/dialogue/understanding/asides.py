"""What is said aside, and what asks or denies nothing though its words would: known by its form, as one word of one sense."""

from collections.abc import Iterator

from bot.dialogue.phrases import Phrase, Pieces
from bot.dialogue.understanding.lexicon import Sense, Word

_SAY = Pieces(
    "asides",
    ends="(?=[,。!?~;\\s]|$)",
    goes_on="(?=,?(?:{us}|{then}))",
    so="[了啦呢啊呀喽嘛哈]{0,2}",
    whence="(?:您|你们?|领导)的?",
    a="{one}[都也]?",
    the="(?=[那这事任问隐清表材报第\0消#])",
    hard="(?:得[这那]么[紧急])?",
)

_FORMS: tuple[tuple[str, str, Sense, Phrase], ...] = (
    ("催", "", Sense.THANKS, _SAY("{you}?[就也都可快]?{need_not}{often}{0,2}催{us}?{so}{ends}")),
    ("了", "再老", Sense.THANKS, _SAY("{need_not}{often}(?:发|问|提醒|通知|念叨|打电话|艾特){us}?了{ends}")),
    ("催", "", Sense.THANKS, _SAY("(?:{you}|{why}|{you}{why})(?:又|还|{often})催{hard}{us}?{so}{ends}")),
    ("催", "", Sense.THANKS, _SAY("(?<![我们在])(?:天天|整天|老|还)催{hard}{us}?{so}{ends}|催得[这那]么[紧急]")),
    (
        "的",
        "催问盯惦关过提点",
        Sense.FILLER,
        _SAY("{you}{often}?(?:上次|前天|昨天|刚才?)?{asks}[着过起到办]?{us}?的{the}"),
    ),
    ("的", "催问盯惦关过提点", Sense.FILLER, _SAY("{often}(?:上次|前天|昨天|刚才?)?{asks}[着过起到办]?{us}?的{the}")),
    ("的", "提映出点", Sense.FILLER, _SAY("{whoever}(?:提|反映|指出|点名|曝光)[到出]?的{the}")),
    ("到", "手卡账户", Sense.SETTLE, _SAY("[发打付拨转]到(?![我咱俺本])[一-龥]{0,4}{hands}")),
    ("请", "面协支帮", Sense.CRY, _SAY("请[一-龥]{1,4}?(?:里|局|办|领导)?{helps}(?:一下|解决)?{ends}")),
    ("一", "", Sense.FILLER, _SAY("一({one})一({one})")),
    (
        "的",
        "",
        Sense.FILLER,
        _SAY("{you}(?:前天|昨天|上周|刚才|早上|上次)?{gave}[下过]?来?的那?[份个条件]?{paper}(?=[,一-龥])"),
    ),
    ("催的", "", Sense.FILLER, _SAY("{you}?催了{many}{times}的{the}")),
    ("的", "答欠", Sense.FILLER, _SAY("(?:答应|欠)(?:您|你们?|办里|领导)的(?=[一-龥])")),
    ("的,", "好应", Sense.FILLER, _SAY("{agreed}[一-龥\\d]{0,6}{does}的{thing}?(?=,)")),
    ("的", "单账函报知表件", Sense.FILLER, _SAY("{list}[上里中]列?的(?=[一-龥\\d\0])")),
    ("的", "求令让叫知", Sense.FILLER, _SAY("{wants}{us}(?:单位)?[一-龥]{1,4}的(?=[那这\\d一二两三四五六七八九十])")),
    (
        "前",
        "催通文发督交函单电提任清",
        Sense.PAST,
        _SAY("早?在?{got}?{whence}?(?:{order}|催){comes}?[之以]?前{goes_on}"),
    ),
    (
        "等",
        "催通文发督交函单电提任清",
        Sense.PAST,
        _SAY("(?:还没|没|不|未)等{got}?{whence}?(?:{order}|催){comes}?催?{goes_on}"),
    ),
    ("到", "当第次久", Sense.PAST, _SAY("{got}{whence}?{order}[的后]?{same_day}{goes_on}")),
    ("一", "没不未", Sense.CLEAN, _SAY("{none}?一{a}{no}{left}[的了]?(?=[全都均已]|[^一-龥]|$)")),
    ("一", "没不未", Sense.CLEAN, _SAY("一[分天]钱?[都也]?{no}[少欠差拖]了?(?![一-龥])")),
    ("一", "无没", Sense.CLEAN, _SAY("{none}一{one}?是?{undone}的?{ends}")),
    ("没有的", "", Sense.CLEAN, _SAY("没有{undone}的{ends}")),
    (
        "谢",
        "提督指关支理帮通告催鼓信包",
        Sense.THANKS,
        _SAY(
            "(?:谢谢|感谢|多谢|谢过?)(?:{you}|老|各位|大家|老师|[一-龥]{0,2}[主处科局书站所镇乡县]?[任长记]){0,3}(?:及时|再次|多次|一直|常常)?的?{urges}{ends}"
        ),
    ),
    ("谁", "爱想愿意能有厉高", Sense.STUCK, _SAY("谁{willing}{whoever_does}?谁[来去上]?{whoever_does}")),
    ("晚", "点些", Sense.PLAN, _SAY("(?<=今天|今晚|下午|明天|上午|中午)晚[点些]再?(?=[发报交传送补给])")),
    ("好吧", "", Sense.FILLER, _SAY("(?<=[了过的])好吧{ends}")),
    ("还有也", "", Sense.FILLER, _SAY("(?<![一-龥])还有(?=\0[那这]?[项个]?也)")),
    ("停了工", "", Sense.STUCK, _SAY("停了[一-龥\\d]{1,3}天工")),
    ("爱", "咋谁", Sense.THANKS, _SAY("爱咋咋[地的滴]?{ends}|爱谁谁{ends}")),
    ("", "烦累完消急慌催", Sense.THANKS, _SAY("(?:能不能|可不可以)?(?:{you}|们){0,2}{bothers}[呢啊呀吗嘛]?{ends}")),
    ("啥", "完结成", Sense.STUCK, _SAY("[整办弄搞做干完改修交报]个?啥[完结成](?=[啊呀呢哦哟呦喽,。!]|$)")),
    ("", "没不", Sense.ASK, _SAY("([一-龥]{2,4})[没不]有?\\1")),
    ("", "吧不", Sense.ASK, _SAY("(?<=[^,。!?\\s])(?:对吧|是吧|没错吧|对不|是不){ends}")),
    ("伐", "", Sense.ASK, _SAY("(?<=[了好以完对行是算])伐{ends}")),
    ("几", "次回遍趟", Sense.FILLER, _SAY("(?<=[了过])好?几[次回遍趟](?=[^?吗了么\\s])")),
    (
        "几",
        "没未慢差不难拖还卡缺漏",
        Sense.COUNT,
        _SAY(
            "(?:(?<=[有是差剩那这])几{several}(?=[一-龥]{0,6}?{lacks})|(?<![哪共,])几{several}(?=[一-龥]{0,3}?{slow}))(?![^,。!;]{0,16}[吗呢?])"
        ),
    ),
    (
        "没",
        "",
        Sense.FILLER,
        _SAY("{system}(?:里|上)?(?:就|还|一直|可能|只是|应该)?(?:没有?|未)(?:来得及|及时)?{catches_up}{so}{ends}"),
    ),
    ("不是没", "", Sense.FILLER, _SAY("不是没有?[一-龥]{1,4},?(?=而?是|早|其?实)")),
    ("", "不但可", Sense.FILLER, _SAY("(?<![一-龥])(?:不过|但是?|可是)(?=[^,。;!?没未差剩还缺]{0,16}(?:已|早就))")),
    ("通过", "还尚", Sense.STUCK, _SAY("(?:还没有?|尚未|还未|还不)(?:被|给)?{judged}{0,2}通过")),
    ("没任何", "", Sense.CLEAN, _SAY("没有?任何(?:遗留)?的?(?:问题|尾巴|隐患|遗漏|遗留|死角)")),
    ("关于的", "", Sense.LINK, _SAY("关于[^,。;:!?\\s]{2,60}的(?:紧急|补充)?{notice}{ends}")),
    ("换", "", Sense.FILLER, _SAY("(?<![一-龥]){us}?{lately}{0,2}换了?个?新?{of_ours}{ours_too}?{over}?{so}{ends}")),
    (
        "",
        "换变改动",
        Sense.FILLER,
        _SAY("(?<![一-龥]){us}?的?{whose}?{of_ours}{lately}{0,2}(?:更?换|变更?|变动|调整|改选|改){over}?{so}{ends}"),
    ),
    ("交", "班接", Sense.FILLER, _SAY("(?<![一-龥]){us}?(?:工作)?{lately}{0,2}{hands_over}{over}?{so}{ends}")),
    ("被", "", Sense.FILLER, _SAY("(?<![一-龥]){us}?{whose}?{lately}{0,2}被[一-龥]{0,6}?{blamed}{so}{ends}")),
    ("", "缓渡宽余裕周", Sense.MOVE, _SAY("[给要求]{us}?[个点些几一]{0,2}天?{room}(?:时间)?")),
)
"""The signs without which a form is not looked for, all and any, what it says, and the form: 不用催了, 您催的(那个), 收到通知之前, 一户没落; or news
of people, telephones and what befell a unit: 换号了, 局长换了, 又被通报了."""


_BY_SIGN: dict[str, list[int]] = {}
for _place, (_every, _some, _sense, _phrase) in enumerate(_FORMS):
    for _sign in _every[:1] or _some:
        _BY_SIGN.setdefault(_sign, []).append(_place)
_SIGNS = frozenset(_BY_SIGN)


def said_aside(text: str) -> Iterator[Word]:
    """Yield what a text has of such."""
    signs = frozenset(text)
    for place in sorted({place for sign in signs & _SIGNS for place in _BY_SIGN[sign]}):
        every, some, sense, phrase = _FORMS[place]
        if signs.issuperset(every) and not (some and signs.isdisjoint(some)):
            for match in phrase.compiled.finditer(text):
                yield Word(match.start(), match.end(), match[0], sense)
