"""A whole plan in prose, as an office issues one: letter, paragraphs, items, duties in the closing words."""

from datetime import date

from jobs.reading.document import Group
from jobs.reading.read import read_text

PLAN = """关于印发《某市燃气安全专项整治工作方案》的通知
各县（市、区）人民政府，市安委会各成员单位：
现将《某市燃气安全专项整治工作方案》印发给你们，请认真贯彻落实。
某市安全生产委员会办公室
2023年5月10日

某市燃气安全专项整治工作方案

为深刻吸取事故教训，经研究，决定自2023年5月至12月在全市开展燃气安全专项整治，制定本方案。
一、总体要求
坚持人民至上、生命至上，力争到2023年底，燃气安全风险隐患得到有效治理。
二、组织领导
成立市燃气安全专项整治工作专班（以下简称市专班），由市住建局、市应急管理局、市市场监管局、市商务局为成员单位。市专班办公室设在市住建局。
三、重点任务
（一）深入排查问题隐患
1.全面排查燃气经营企业。重点排查企业无证经营、违规充装等问题。6月底前完成第一轮排查，10月底前完成“回头看”。
牵头单位：市住建局
配合单位：市应急管理局、市市场监管局
2.全面排查餐饮企业。督促餐饮企业安装可燃气体报警装置，7月15日前安装率达到100%。
责任单位：市商务局、各县（市、区）人民政府
（二）加快推进更新改造
3.推进老旧管网改造。2023年完成改造120公里，2024年6月底前全部完成剩余80公里改造任务。（市住建局牵头，市发改委、市财政局配合，各县（市、区）人民政府负责落实）
4.推进瓶装液化石油气企业整合。2023年8月底前制定整合方案（市住建局负责），2024年底前完成整合（市住建局牵头，市国资委、市市场监管局配合）。
以下任务均由各县（市、区）人民政府负责落实。
5.建立健全长效机制。修订《某市燃气管理办法》，11月底前提请市政府常务会议审议。（市司法局、市住建局）
四、时间安排
（一）动员部署阶段（5月20日前）。各地各部门制定具体方案，召开会议动员部署。
（二）集中整治阶段（5月下旬至10月底）。各地各部门按照方案开展整治。
（三）巩固提升阶段（11月至12月）。总结经验，健全机制。
五、工作要求
（一）加强领导。各地各部门主要负责人要亲自抓。
（二）严格督查。市安委办每月通报一次进展情况，对工作不力的进行约谈。
（三）及时报送。请各县（市、区）、市专班成员单位于5月25日前报送联络员名单，每月28日前报送当月工作进展，12月15日前报送工作总结。联系人：王某某，联系电话：0571-12345678。
"""


def test_a_plan_gives_its_items_and_the_duties_of_its_closing_words() -> None:
    document = read_text(PLAN)
    assert (document.issued, document.reference_year) == (date(2023, 5, 10), 2023)
    read = [
        (
            task.number,
            task.lead,
            task.responsible,
            task.assist,
            task.implied,
            [str(one.due or one.rule) for one in task.milestones],
        )
        for task in document.tasks
    ]
    assert read == [
        ("", (), (), (), (), ["2023-12-31"]),
        ("1", ("市住建局",), (), ("市应急管理局", "市市场监管局"), (), ["2023-06-30", "2023-10-31"]),
        ("2", (), ("市商务局", "各县（市、区）人民政府"), (), (), ["2023-07-15"]),
        ("3", ("市住建局",), ("各县（市、区）人民政府",), ("市发改委", "市财政局"), (), ["2023-12-31", "2024-06-30"]),
        ("4", ("市住建局",), ("市住建局",), ("市国资委", "市市场监管局"), (), ["2023-08-31", "2024-12-31"]),
        ("5", (), ("市司法局", "市住建局"), (), ("各县（市、区）人民政府",), ["2023-11-30"]),
        ("（一）动员部署阶段（5月20日前）", (), ("各地各部门",), (), (), ["2023-05-20"]),
        ("（二）集中整治阶段（5月下旬至10月底）", (), ("各地各部门",), (), (), ["2023-10-31"]),
        ("（三）巩固提升阶段（11月至12月）", (), (), (), (), ["2023-12-31"]),
        ("（二）严格督查", (), ("市安委办",), (), (), ["FREQ=MONTHLY"]),
        ("（三）及时报送", (), ("各县（市、区）", "市专班成员单位"), (), (), ["2023-05-25", "FREQ=MONTHLY;BYMONTHDAY=28", "2023-12-15"]),
    ]  # fmt: skip


def test_several_deliverables_are_bound_to_their_own_units() -> None:
    fourth = next(task for task in read_text(PLAN).tasks if task.number == "4")
    assert [one.units for one in fourth.milestones] == [("市住建局",), ("市住建局", "市国资委", "市市场监管局")]


def test_only_the_bare_year_and_nothing_else_is_in_doubt() -> None:
    doubts = [(task.number, one.text) for task in read_text(PLAN).tasks for one in task.milestones if one.uncertain]
    assert doubts == [("3", "2023年")]


def test_a_group_that_the_text_defines_is_told_with_its_members() -> None:
    members = ("市住建局", "市应急管理局", "市市场监管局", "市商务局")
    assert Group("市专班", members) in read_text(PLAN).groups


def test_a_dated_aim_that_nobody_owes_is_a_task_whose_unit_is_open() -> None:
    aim = read_text(PLAN).tasks[0]
    assert (aim.place.line, aim.gaps, aim.uncertain) == (11, ("unit",), "有期限，但看不出由谁办理")
    assert [(problem.place.line, problem.why) for problem in read_text(PLAN).problems] == [
        (11, "有期限，但看不出由谁办理"),
        (29, "有期限，但看不出由谁办理"),
    ]


def test_a_title_is_what_the_document_is_called_and_nothing_around_it() -> None:
    row = "\n\n序号\t任务\t责任单位\t时限\n1\t甲\t市应急局\t6月底\n"
    for above, title in (
        (
            "某市安全生产委员会文件\n某安委〔2022〕5号\n\n关于印发《某市整治方案》的通知",
            "关于印发《某市整治方案》的通知",
        ),
        ("附件1\n\n某省任务清单\n（2022年度）", "某省任务清单（2022年度）"),
        ("附件：某省2022年任务清单", "某省2022年任务清单"),
        ("表1\n某省2022年分工表\n单位：万元", "某省2022年分工表"),
        ("某市2022年任务分解表\n填报单位：市安委办　　填报日期：2023年2月10日", "某市2022年任务分解表"),
    ):
        document = read_text(above + row)
        assert (document.title, document.reference_year) == (title, 2022)
