"""Whoever is inspected is not who owes a duty to the office: enterprises, but for the companies of the town itself."""

import re

GROUP = re.compile(r"(?:专班|小组|指挥部|方面)[:：]$")
"""防溺水专班：教育局负责…: who is in the group owes it."""
FACILITY = re.compile(r"(?:馆|中心|园|场|楼|院|[站所校])[:：]$")
"""图书馆：后勤处跟进审图: what is built or run stands before whoever is to do it."""
TOLD_TO = re.compile(r"要|应当|须|需|务必|负责|牵头|配合|根据|按照?|对照|结合|组织|开展")

ENTERPRISE = re.compile(r"(?:公司|企业|厂|集团|园区|集中区|商户|学校|医院|加[油气]站|充电站|商场|超市|酒店|宾馆|码头)$")
"""Whoever is inspected is not who owes the duty to the office."""


_SCHOOLS = re.compile(r"(?:各|全[市县区])[^，,、的]{0,12}(?:学校|中学|小学|幼儿园|医院|卫生院|学院)$")
"""Schools and hospitals all of which are told something are no enterprises that somebody inspects."""
_PARKS = re.compile(r"各[\u4e00-\u9fff]{0,6}(?:园区|集中区)$")
"""All parks together are told something by their offices: 各园区于8月25日前报送总结."""
_PUBLIC = re.compile(
    r"[省市州县区旗镇乡][\u4e00-\u9fff]{0,8}(?:人民医院|中医院|妇幼保健院|妇保院|中心医院|医院|疾控中心|卫生院|高级中学|中学|小学|幼儿园|学校|学院|[一二三四五六]中)$|[省市州县区旗][\u4e00-\u9fff]{2,8}(?:公司|集团)$"
)
"""Hospitals, schools and companies of the place, which are told something by their office: 县人民医院须于5月底前…"""
_IN_CHARGE = re.compile(r"负责(?!同志|人|领导)|牵头")
_OF_THE_PLACE = re.compile(
    r"(?:[省市县区州国]|国网)?[\u4e00-\u9fff]{0,6}(?:城投|交投|国投|水投|建投|产投|文投|农投|旅投|城发|交发|城建|公交|供电|电力|供水|自来水|水务|排水|燃气|天然气|热力|热电|供热|环卫|市政|轨道|地铁|铁塔|移动|联通|电信|邮政|粮油|粮食)"
    r"[\u4e00-\u9fff]{0,6}(?:公司|集团)$"
)
"""Companies of the town, which are told what to do as its offices are."""


def are_inspected(match: re.Match[str], listed: list[str]) -> bool:
    """Tell whether a clause's subjects are enterprises that somebody inspects, and not a company of the place's own or one
    that is in charge of something.
    """
    if all(map(_PARKS.match, listed)):
        return False
    if _SCHOOLS.match(match["who"]) and TOLD_TO.match(match.string, match.end()):
        return False
    if TOLD_TO.match(match.string, match.end()) and all(map(_PUBLIC.match, listed)):
        return False
    in_charge = _IN_CHARGE.match(match.string, match.end()) is not None
    return all(ENTERPRISE.search(name) and not (in_charge or _OF_THE_PLACE.match(name)) for name in listed)
