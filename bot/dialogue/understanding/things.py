"""Of what an end is told: a thing that the duty may be about, one of many, a kind of problem, or what may be anything."""

import re
from itertools import pairwise

from bot.dialogue.understanding.clauses import BESIDE
from bot.dialogue.understanding.lexicon import Sense, Word, bears, ends_in, of_kind

_STRANGE = frozenset({Sense.UNKNOWN, Sense.PLAIN, Sense.EVENT, Sense.LENGTH, Sense.PERSON})
KINDS = _STRANGE | {Sense.OBJECT}
_ACTS_ON = frozenset({Sense.WORK, Sense.SETTLE})


def is_strange(words: tuple[Word, ...], place: int, at: int) -> bool:
    """Tell whether a word may make something else of the clause, whose chief word stands ``at`` its place; before a verb of the duty it only
    says which: 小区改造已完成, and what is set right is the duty: 牛棚已拆除. By a verb of one sign anything may be meant: 讲稿改好了.
    """
    word = words[place]
    acts = place == at - 1 and len(word.text) == 1 and words[at].sense is Sense.RESULT
    ago = word.sense is Sense.LENGTH and [one.text for one in words[place + 1 : place + 2]] == ["前"]  # 三天前已办结
    ago = ago or (place > at and word.text in of_kind("to_the_office"))  # 台账已上传平台
    ago = ago or (place > at and words[place - 1].text in ("您", "你", "贵"))  # 已送到您办公室
    if word.sense not in _STRANGE or acts or ago:
        return False
    verb = next((one for one in words[place + 1 : at] if one.sense not in KINDS), None)
    which = verb is not None and verb.sense in _ACTS_ON and len(verb.text) > 1 and not _NUMBERED.search(word.text)
    which = which and not any(ends_in("parts", one.text) for one in words[place + 1 : at])  # 泵房屋面已整修
    which = which and not (verb is not None and verb.sense is Sense.WORK and narrows(word.text))  # 镇区餐馆检查已完成
    which = which and not _is_done_with_anything(words, place, at)
    which = which or _is_gone_through(words, place, at)
    return not (which or _is_of_a_problem(words, place, at) or _is_set_right(words, place, at))


def _is_done_with_anything(words: tuple[Word, ...], place: int, at: int) -> bool:
    """Tell whether the verb of the end itself, and no name of a duty before it, is one that is said of anything: 闹钟设置好了, 身份证补办完毕; a name of four
    signs is hardly so.
    """
    verb = words[at - 1] if at > place + 1 and words[at].sense is Sense.RESULT else None
    if verb is None or words[place].sense not in _NAMED:
        return False
    name = "".join(word.text for word in words[place : at - 1])
    said_of_all = verb.text in of_kind("of_anything") - of_kind("of_a_step") and verb.text != "转移"
    said_of_all = said_of_all and len(name) < 4 and all(word.sense in BESIDE for word in words[:place])
    return said_of_all or (verb.text in of_kind("upkeep") and len(words[place].text) == 1)


def _is_gone_through(words: tuple[Word, ...], place: int, at: int) -> bool:
    """Tell whether a verb of looking at things came to its end with them, 加油站全部检查完毕, 门店已逐家检查完成; nothing tells of which of
    them only: 上半年餐馆, 镇区餐馆, 不合格餐馆.
    """
    verb = next((n for n in range(place + 1, at) if words[n].sense not in _BESIDE_THINGS), None)
    name = words[place].text
    if verb is None or words[verb].sense is not Sense.WORK or words[verb].text in of_kind("of_a_step"):
        return False
    if words[verb].text in of_kind("makes") or (len(name) == 1 and words[verb].text in of_kind("upkeep")):  # 车保养完了
        return False
    if any(word.sense not in _BESIDE_THINGS | {Sense.COUNT} or narrows(word.text) for word in words[:verb]):
        return False
    return not (ends_in("looks", name) or ends_in("listed", name) or is_place_of_many(name))


_BESIDE_THINGS = (KINDS - {Sense.EVENT}) | BESIDE | {Sense.PAST, Sense.WHOLE}


def narrows(name: str) -> bool:
    """Tell whether a name says of which of many it is told: 镇区餐馆, 重点企业."""
    return bears("districts", name) or bears("conditions", name)


# ---------------------------------------------------------------- what is set right

_MAKES_ROOM = re.compile("^(?:旧|原|临时|便|老(?![化旧])|废(?![弃旧]))")
"""What is taken away first where something new is to come: 旧门已拆除."""
_BETWEEN = KINDS | BESIDE | {Sense.PAST, Sense.WHOLE, Sense.COUNT, Sense.SETTLE}


def _is_set_right(words: tuple[Word, ...], place: int, at: int) -> bool:
    """Tell whether what is no word of ours is what somebody set right, or says of what it is: 通风机已更换, 把牛棚拆除了, 已完成排洪沟疏通;
    nobody who did it, no part, and nothing that only helps or makes room.
    """
    verb = _verb_at(words, place, at)
    if verb is None or words[place].sense not in _NAMED or words[-1].text == "的":
        return False
    if (place < verb <= at and _is_done_with_it(words, place, verb)) or (
        words[verb].sense is Sense.WORK and narrows(words[place].text)  # 已完成重点餐馆检查
    ):
        return False
    first, last = sorted((place, verb))
    between = _BETWEEN | {Sense.THEIRS} if place > verb or place > at else _BETWEEN
    if any(word.sense not in between for word in words[first + 1 : last]):
        return False
    things = [n for n in range(*sorted((place, verb))) if words[n].sense in KINDS]
    if place > verb:
        stranger = any(word.sense in (*KINDS, Sense.COUNT) for word in words[:verb])  # 养殖户已拆除牛棚
        stranger = stranger or not any(word.sense in (Sense.PAST, Sense.WHOLE, Sense.FINISH) for word in words[:place])
        return not stranger and _settles(words[place], words[verb]) and _is_a_thing(words, place, words[verb])
    before = words[place - 1] if place else None
    if before is not None and (
        before.text in ("由", "被", "让") or (before.text[-1] == "号" and before.sense is Sense.DAY)
    ):
        return False
    head = things[-1]
    if head > place:
        does = any(word.sense is Sense.PAST or word.text in _HANDLES for word in words[place:head])  # 老板已把牛棚拆除
        name = words[place].text
        makes_room = words[verb].text in of_kind("taken_away") and _MAKES_ROOM.search(name) is not None
        of_many = words[place].sense is Sense.UNKNOWN and is_place_of_many(name)
        aside = "施工" in name or of_many or bears("says", name) or bears("districts", name)
        does = does or (
            _ends_in_people(words[head].text) and words[verb].text not in of_kind("done_to")
        )  # 养护队已修补
        settled = _settles(words[head], words[verb]) or _is_described(words, place, head)
        return not (does or makes_room or aside or ends_in("parts", words[head].text)) and settled
    of = place if place < 2 or words[place - 1].text != "的" else place - 2
    settled = _settles(words[head], words[verb]) or _is_described(words, of, head)
    return settled and _is_a_thing(words, place, words[verb])


def _is_done_with_it(words: tuple[Word, ...], place: int, verb: int) -> bool:
    """Tell whether what stands between 已 and the verb is no name but how it was done, or another verb: 已收存整改照片; but 已将牛棚拆除."""
    past = next((word for word in reversed(words[:place]) if word.sense is Sense.PAST), None)
    between = any(word.sense in (Sense.PAST, Sense.WHOLE) for word in words[place:verb])
    return past is not None and not between and past.text[-1] not in "将把" and words[place - 1].text not in _HANDLES


_NAMED = (Sense.UNKNOWN, Sense.PLAIN)
_HANDLES = ("把", "将", "对")


def _is_a_thing(words: tuple[Word, ...], place: int, verb: Word) -> bool:
    """Tell whether a verb may settle what stands at a place, and it is nobody, no part, and nothing that only helps or makes room."""
    name = words[place].text
    if bears("says", name) or is_place_of_many(name) or bears("helps", name) or ends_in("parts", name):
        return False
    if bears("districts", name):
        return False
    if verb.text in of_kind("taken_away") and _MAKES_ROOM.search(name):
        return False
    return verb.text in of_kind("done_to") or not _ends_in_people(name)


def is_one_thing(name: str) -> bool:
    """Tell whether a name says of no one of many, of no part, of nobody, and of nothing that only helps or makes room."""
    aside = narrows(name) or is_place_of_many(name) or ends_in("parts", name) or bears("helps", name)
    return not (aside or bears("says", name) or _MAKES_ROOM.search(name) or _ends_in_people(name))


def _verb_at(words: tuple[Word, ...], place: int, at: int) -> int | None:
    """Return where the verb stands by which what stands at a place was set right, None where nothing tells that it was."""
    chief = at - 1 if at and words[at].sense is Sense.RESULT else at
    if words[chief].sense is not Sense.FINISH:
        settles = (
            words[chief].sense is Sense.SETTLE or words[chief].text == "安装" or words[chief].text in of_kind("upkeep")
        )
        settles = settles or (words[chief].text in _BY_HAND and words[chief - 1].sense is Sense.OBJECT)
        return chief if settles else None
    if place < chief:
        return chief if words[chief].text in of_kind("all_at_once") else None
    if all(word.sense is not Sense.PAST for word in words):
        return None
    acts = (n for n in range(place + 1, len(words)) if words[n].sense in _ACTS_ON and len(words[n].text) > 1)
    return next(acts, None)


def _is_described(words: tuple[Word, ...], place: int, head: int) -> bool:
    """Tell whether a thing is named by where it is, in so many words that it is hardly one that only helps: 残疾人通道的石墩挪走了."""
    of = any(word.text == "的" for word in words[place:head])
    return of and sum(len(word.text) for word in words[place : head + 1] if word.sense in KINDS) > 5


_BY_HAND = frozenset("焊抽捞堵砍锯割铲刷扫冲封填补")
"""Verbs of one sign by which what a duty is about is set right: 桥头护栏焊好了."""


def _settles(thing: Word, verb: Word) -> bool:
    """Tell whether a verb says of a thing that the duty about it is over: of what is no word of ours, not by any verb."""
    if len(verb.text) == 1:
        if verb.text in _BY_HAND:
            return thing.sense is Sense.OBJECT
        return verb.text in of_kind("in_the_field") or (
            verb.text in "修换" and (thing.sense is Sense.OBJECT or len(thing.text) > 3)
        )
    anything = verb.text in of_kind("of_anything") or verb.text in of_kind("upkeep")
    return not anything or thing.sense is Sense.OBJECT


# ---------------------------------------------------------------- one of many

_ONE_OF_MANY = re.compile(
    r"[区片村庄街路楼栋段组科队室侧镇乡县市东西南北间层号厂站校所库户期线]$|^[\d一二三四五六七八九十]+$"
)


_NUMBERED = re.compile(
    r"[\d一二三四五六七八九十甲乙丙]号|\d|^第|^[一二三四五六七八九十甲乙丙][一-龥]$|^[东西南北上下左右前后内外][区片侧段头边楼院门街坡岸面]|^[上中下]游|^[中末]段|^[内外]围"
)
_SHARED = re.compile("^[一二三四五六七八九十](?:车间|工段|工区|采区|大队|支部|食堂|分[厂局店]|标|[楼库矿井站])")
_PLACE_OF_MANY = re.compile("[区片村庄街路巷楼栋段组科队室侧镇乡县市层期号]$|[街路村巷]口$")


def is_place_of_many(text: str) -> bool:
    """Tell whether it is said of which of many places or numbers it is: 东区, 3号泵, 李村, 东街口."""
    of = text.removesuffix("的")
    if text[0] in "两各全" or text in _NO_PLACES or (of != text and of in of_kind("institutions")):
        return False
    text = of
    if text.endswith(_SITES) and _NUMBERED.search(text) is None:
        return False
    return (
        _NUMBERED.search(text) is not None or _SHARED.match(text) is not None or _PLACE_OF_MANY.search(text) is not None
    )


_NO_PLACES = ("农村",)
_SITES = ("罐区", "库区", "厂区", "矿区", "门诊楼", "住院楼", "教学楼", "办公楼", "行政楼", "综合楼", "实验楼")
"""Ends of names of a place of which a plant or a house has one."""


def _ends_in_people(name: str) -> bool:
    return ends_in("people", name) and not ends_in("not_people", name)


def may_be_one_of_many(words: tuple[Word, ...]) -> bool:
    """Tell whether an end may be told of one place or thing of many: 东区, 三号车间, 一楼, 张村的已完成."""
    strange = any(
        word.sense in _STRANGE and _ONE_OF_MANY.search(word.text) and not word.text.endswith(_SITES) for word in words
    )
    bare = [word.sense for one, word in pairwise(words) if one.text == "的"]
    return strange or any(sense in _ENDED for sense in bare)


_ENDED = frozenset({Sense.PAST, Sense.FINISH, Sense.WHOLE, Sense.RESULT})
"""What follows 的 where the thing itself is left out."""

# ---------------------------------------------------------------- a kind of problem

_PLACES = frozenset("区片村庄街路口楼栋段组科队室侧边镇乡县市门家")
"""With what a name of one place of many, or of one of those who share a duty, ends: 东片区任务, 二科的任务."""


def _is_of_a_problem(words: tuple[Word, ...], place: int, at: int) -> bool:
    """Tell whether a word stands, with others or by itself, before a problem of which it says the kind."""
    kinds = KINDS | {Sense.NO}  # 消防栓没水的事
    problem = next((n for n in range(place + 1, at) if words[n].sense not in kinds and words[n].text != "的"), at)
    if problem == at or words[problem].text not in of_kind("problem"):
        return False
    kind = [word for word in words[:problem] if word.sense in KINDS]
    told = sum(len(word.text) for word in kind) > 2 or words[problem].text in of_kind("plights")
    return told and kind[-1].text[-1] not in _PLACES


def signs(words: tuple[Word, ...], place: int) -> int:
    """Return how many signs a strange word counts: a figure two, and so a thing of one sign that somebody sees to, 车修好了, or by which, 清运车."""
    text, then = words[place].text, words[place + 1 : place + 2]
    thing = len(text) == 1 and any(one.sense in (Sense.SETTLE, Sense.HAND) and len(one.text) == 1 for one in then)
    done = next((one for one in words[place + 1 :] if one.sense not in (Sense.PAST, Sense.FILLER, Sense.WHOLE)), None)
    thing = thing or (
        len(text) == 1 and done is not None and (done.text in of_kind("of_anything") or done.text in of_kind("upkeep"))
    )
    thing = thing or (len(text) == 1 and place > 0 and words[place - 1].sense is Sense.SETTLE)
    return len(text) + text.isdecimal() + (thing or text in ("旧", "原", "老", "废"))


# ---------------------------------------------------------------- what a task is about


def is_named(words: tuple[Word, ...], place: int, about: str) -> bool:
    """Tell whether a name stands in the words of the task ``about`` which something is said, at least by half of its signs; a part of the
    thing, or one of many, only where the task says so.
    """
    name, then = words[place].text, words[place + 1 : place + 2]
    if not about or len(name) < 2 or ends_in("parts", name) or (is_place_of_many(name) and name not in about):
        return False
    if any(one.sense is Sense.OBJECT and one.text not in about for one in then):  # 泵房屋顶
        return False
    if any(word in name and word not in about for kind in ("districts", "conditions") for word in of_kind(kind)):
        return False
    pairs = pairs_of(name)
    return 2 * sum(pair in about for pair in pairs) >= len(pairs)


def pairs_of(text: str) -> list[str]:
    return [text[at : at + 2] for at in range(len(text) - 1)]
