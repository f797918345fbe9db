"""Verbs of duties: where they stand behind a name, that is the subject; and what may be one though nobody knows it."""

import re

VERBS = (
    r"抓(?!获|捕)|帮扶|吸收|制定|研究|组织|开展|完成|建立|加强|落实|推进|推动|牵头|编制|提交|上报|报送|汇总|梳理|修订|出台|印发|召开|成立|明确|细化|形成|实现|指导|督促|做好|抓好|全面|认真|及时|继续|"
    r"进一步|切实|严格|定期|启动|完善|健全|排查|整改|检查|核查|备案|公布|发布|向|把|力争|确保|争取|原则上|至少|最迟|均|都|抓紧|尽快|立即|提供|协调|配合|牵头|参加|起草|拟|审核|会商|通报|督办|填报|拨付|兑现|配备|安装|改造|新建|拿出|跟踪|复核|盯守|值守|巡查|前置|转移|撤离|疏散|自查|抽查|互查|(?<!市场)监督(?!管理|执法)"
)
VERBS += (
    r"|停止|停用|停业|暂停|查处|查封|取缔|关停|关闭|拆除|清理|清除|清运|清零|疏通|维修|维护|加固|除险|搬迁|安置|救助|慰问|培训|宣传|宣讲|演练|评估|验收|审批|审查|登记|统计|摸排|走访|入户|发放|张贴|播放|"
    r"采购|筹集|储备|预置|部署|跟进|选派|指派|指定|确定|统筹|保障|举办|承办|主持|签订|更新|整理|收集|对接|联系|安排|调度|统一(?!战线)|共同|同步|集中(?!区|办公|供)|联合(?![社会国])|专门|全程|提前|限期|按时|如期|主动|另行|依法|依规|据此|随后|随即|相应|[则也还](?=要|应|须|于|由|需)|再(?=次|要)|逐一?|分批|"
    r"开设|设立|建成|备足|备齐|深入|下达|书面|调查|核实|处理|妥善|考核|修改|组成|派出|派驻|会同|下发|整合|抽调|驻点"
)
OF_A_NAME = r"(?!室|部(?![分署属])|办(?![理好法结事公学案])|中心(?![组城])|所(?![有属在需辖])|院(?!校)|站|组(?![织建成长])|小组|领导小组|专班|队(?!伍)|局(?!属|机关))"
"""What no verb stands before: 市委 and 组织 are 市委组织部, whose name goes on."""
DOES = rf"(?:{VERBS}){OF_A_NAME}"
"""What begins a clause of which nobody is the subject, as a pattern."""

_SEEMS_ONE = re.compile(
    r"(?:同时|另外|此外)?(?P<who>[\u4e00-\u9fff]{1,14}(?:[院馆库园站场厂台社村乡寨校企店行局队]|公司|中心|集团|联通|电信|移动|邮政|物业|武装部|银监|城投))(?:务必|[于在须应要需将])?$"
)
_BEGINS_WITH_A_VERB = re.compile(DOES)


def perhaps_unit(clause: str) -> str:
    """Return what a clause opens with before its day, 县人民医院 or 殡仪馆, where it may well be a unit; "" where it is not."""
    match = _SEEMS_ONE.match(clause)
    return match["who"] if match and not _BEGINS_WITH_A_VERB.match(match["who"]) else ""
