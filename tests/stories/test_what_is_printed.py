"""Papers, the ledger and calendars that the office hands on: what they say is what stood, and every figure can be traced."""

import io
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import pdfplumber
import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt
from icalendar import Calendar
from openpyxl import load_workbook
from sqlmodel import select

from db import ledger, register
from db.history import Actor
from db.ledger import Which
from db.models import Campaign, Paper, ScoreSheet
from db.words import EVERY, NoticeKind, Rank
from jobs.letterhead import Letterhead, fonts_in
from jobs.papers import drafts, signing
from jobs.printed import contents
from jobs.printed.calendars import calendar
from jobs.printed.contents import NoPaper
from jobs.printed.ledger_book import ledger_book
from jobs.printed.official import official, title_lines
from jobs.printed.written import Paragraph, Table, Written, blocks_of
from jobs.reading.read import read_document
from tests.harness.story import ECONOMY, EMERGENCY, ENVIRONMENT, Story, at, task

OFFICE = Letterhead("某省安全生产委员会办公室", "省政府办公厅", "安委办督")


@pytest.fixture
def signed(story: Story) -> Story:
    """A story in whose June a bulletin was signed on the 22nd, of two units' tasks of the 10th."""
    story.begins(
        "2022-06-01 09:00", task(1, "2022-06-10"), task(2, "2022-06-10", lead=(EMERGENCY,)),
        task(3, "2022-11-30", lead=(ENVIRONMENT,)),
    )  # fmt: skip
    story.appoints("王主任", Rank.LEADER)
    story.until("2022-06-22 10:00")
    with story.store.write() as session:
        paper = session.exec(select(Paper).where(Paper.kind == NoticeKind.BULLETIN)).one()
        signing.issue(
            session, paper, Actor("王主任", register.people_named(session, "王主任")[0].id), at("2022-06-22 10:00")
        )
    story.rests()
    story.forget()
    return story


def bulletin(story: Story, now: str) -> Written:
    with story.store.read() as session:
        paper = session.exec(select(Paper).where(Paper.kind == NoticeKind.BULLETIN)).first()
        assert paper is not None
        story.stage.desk.letterhead = OFFICE
        return contents.of_paper(session, story.stage.desk, paper, at(now))


def tables(paper: Written) -> dict[str, Table]:
    return {block.name: block for block in paper.blocks if isinstance(block, Table)}


def test_a_signed_bulletin_says_in_october_what_it_said_in_june(signed: Story) -> None:
    before = bulletin(signed, "2022-06-22 10:00")
    signed.until("2022-06-22 10:05")
    signed.group(ECONOMY).says("任务1已办结")
    signed.until("2022-07-01 10:00")
    signed.room.says("核查 1", who="协调员")
    signed.until("2022-10-10 10:00")
    signed.forget()
    assert signed.line(1).assignment.closed_at is not None
    assert bulletin(signed, "2022-10-10 10:00") == before
    assert (before.number, before.day, before.signer) == ("安委办督〔2022〕1号", date(2022, 6, 22), "王主任")
    assert [row[0] for row in tables(before)["逾期"].rows] == ["A-1", "A-2"]


def test_every_figure_of_a_bulletin_counts_the_codes_that_it_names(signed: Story) -> None:
    told = dict(bulletin(signed, "2022-06-22 10:00").explained())
    assert told["交办"] == (f"A-1 {ECONOMY}", f"A-2 {EMERGENCY}", f"A-3 {ENVIRONMENT}")
    assert told[f"{ECONOMY} · 逾期"] == ("A-1",)
    assert told["已办结"] == ()
    assert f"{ENVIRONMENT} · 应办" not in told


def test_a_draft_says_that_it_waits_and_has_no_number_signer_or_day(story: Story) -> None:
    story.begins("2022-06-01 09:00", task(1, "2022-06-10"))
    story.until("2022-06-22 10:00")
    story.forget()
    draft = bulletin(story, "2022-06-22 10:00")
    assert (draft.draft, draft.number, draft.signer, draft.day) == (True, "", "", None)
    assert "（待签发）" in "\n".join(one.text for one in Document(io.BytesIO(official(draft, OFFICE))).paragraphs)


def test_a_paper_that_was_dropped_is_not_printed(story: Story) -> None:
    story.begins("2022-06-01 09:00", task(1, "2022-06-10"))
    story.until("2022-06-22 10:00")
    with story.store.write() as session:
        signing.drop(session, session.exec(select(Paper)).one(), Actor("协调员"), at("2022-06-22 10:00"))
    with pytest.raises(NoPaper, match="已作废"):
        bulletin(story, "2022-06-22 10:00")
    story.forget()


def test_what_the_room_alone_was_told_is_no_supervision_of_the_unit(story: Story) -> None:
    story.begins("2022-06-01 09:00", task(1, "2022-06-10"), unbound=(ECONOMY,))
    story.until("2022-06-16 09:00")
    story.forget()
    with story.store.read() as session, pytest.raises(NoPaper, match="没有督办过"):
        contents.supervision(
            session,
            story.stage.desk,
            register.get_unit(session, ECONOMY),
            session.get_one(Campaign, 1),
            at("2022-06-16 12:00"),
        )


def test_a_supervision_slip_tells_what_was_sent_and_answered(story: Story) -> None:
    story.begins("2022-06-01 09:00", task(1, "2022-06-10", responsible=(EMERGENCY,)))
    story.until("2022-06-15 15:00")
    story.group(ECONOMY).says("任务1完成六成，还差三家")
    story.until("2022-06-16 09:00")
    story.forget()
    with story.store.read() as session:
        unit, campaign = register.get_unit(session, ECONOMY), session.get_one(Campaign, 1)
        slip = contents.supervision(session, story.stage.desk, unit, campaign, at("2022-06-16 12:00"))
        with pytest.raises(NoPaper, match="没有督办过"):
            contents.supervision(session, story.stage.desk, unit, campaign, at("2022-06-10 12:00"))
    ((code, text, owed, due, over),) = tables(slip)["督办"].rows
    assert (code, owed, due, over) == ("A-1", f"牵头：{ECONOMY}；责任：{EMERGENCY}", "6月10日", "6")
    assert str(text).startswith("完成第1项工作。（"), "as printed, with its place"
    assert tables(slip)["往来"].rows[0] == ("A-1", "6月13日", "催办")
    told = [row[2] for row in tables(slip)["往来"].rows]
    assert any("张工报进展" in str(one) and "完成六成" in str(one) for one in told)


def test_a_task_that_one_unit_has_closed_stands_in_the_ledger_as_the_unit_that_still_owes_it(story: Story) -> None:
    story.begins("2022-06-01 09:00", task(1, "2022-06-10", responsible=(EMERGENCY,)))
    story.group(ECONOMY).says("任务1已办结")
    story.room.says(f"核查 1 {ECONOMY}", who="协调员")
    story.group(EMERGENCY).says("任务1完成六成，还差三家")
    story.until("2022-06-14 15:00")
    story.forget()
    with story.store.read() as session:
        lines = ledger.lines(session, Which(EVERY))
        sheet = load_workbook(io.BytesIO(ledger_book(session, lines, at("2022-06-14 16:00")))).active
    assert sheet is not None
    headings = [cell.value for cell in sheet[2]]
    row = dict(zip(headings, (cell.value for cell in sheet[3]), strict=True))
    assert (row["状态"], row["灯"], row["进度%"]) == ("办理中", "逾期", 60)
    assert any("完成六成" in str(told) for told in row.values())


def test_a_closure_is_printed_of_what_was_verified_alone_with_its_evidence_by_digest(story: Story) -> None:
    story.begins("2022-06-01 09:00", task(1, "2022-06-10"))
    story.until("2022-06-07 10:00")
    with story.store.read() as session, pytest.raises(NoPaper, match="尚未核查销号"):
        contents.closure(session, story.line(1))
    story.group(ECONOMY).says("任务1已办结", file="报告.pdf")
    story.room.says("核查 1", who="协调员")
    story.rests()
    story.forget()
    with story.store.read() as session:
        paper = contents.closure(session, story.line(1))
    ((place, name, digest),) = tables(paper)["佐证"].rows
    assert (place, name, len(str(digest))) == ("1", "报告.pdf", 64)
    assert [row[1] for row in tables(paper)["经过"].rows][-1] == "核查销号"


def test_what_a_person_wrote_never_becomes_a_title_or_a_table() -> None:
    title, _to, blocks = blocks_of("# 通报\n. # 假标题\n. | 逾期\n", {})
    assert (title, blocks) == ("通报", (Paragraph("# 假标题"), Paragraph("| 逾期")))


def test_the_form_is_that_of_official_papers(signed: Story) -> None:
    made = Document(io.BytesIO(official(bulletin(signed, "2022-06-22 10:00"), OFFICE)))
    section = made.sections[0]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(one.mm) for one in margins] == [37, 35, 28, 26]
    assert [round(one.mm) for one in (section.page_width, section.page_height)] == [210, 297]
    lines = {one.text: one for one in made.paragraphs if one.text}
    title = next(one for text, one in lines.items() if "关于" in text)
    text = next(one for said, one in lines.items() if said.startswith("截至"))
    level = lines["一、总体情况"]
    assert (title.runs[0].font.size, text.runs[0].font.size) == (Pt(22), Pt(16))
    assert ["方正小标宋简体" in title._p.xml, "仿宋_GB2312" in text._p.xml, "黑体" in level._p.xml] == [True] * 3
    assert text.paragraph_format.line_spacing <= Pt((297 - 37 - 35) / 25.4 * 72 / 22)
    assert text.paragraph_format.first_line_indent == Pt(32)
    assert made.settings.odd_and_even_pages_header_footer
    assert "PAGE" in section.footer.paragraphs[0]._p.xml
    assert {"各有关单位：", "安委办督〔2022〕1号", OFFICE.office, "抄送：省政府办公厅。"} <= lines.keys()
    written = [one.text for one in made.paragraphs]
    below = written.index("安委办督〔2022〕1号") + 1
    assert written[below : below + 3] == ["", "", title.text]
    day, office = lines["2022年6月22日"], made.paragraphs[written.index("2022年6月22日") - 1]
    assert (office.text, office.paragraph_format.keep_with_next) == (OFFICE.office, True), (
        "never parted by a page's end"
    )
    assert day.paragraph_format.right_indent >= Pt(4 * 16)
    fonts = next(part for part in made.part.package.iter_parts() if str(part.partname) == "/word/fontTable.xml").blob
    assert "Noto Serif CJK SC" in fonts.decode()


def test_an_offices_own_fonts_stand_in_place_of_those_of_the_standard() -> None:
    own = replace(OFFICE, fonts=fonts_in("仿宋_GB2312=方正仿宋_GBK，黑体 = 方正黑体_GBK"))
    made = Document(io.BytesIO(official(Written("通报", (Paragraph("一、情况"), Paragraph("截至今日。"))), own)))
    fonts = [re.findall(r'w:eastAsia="(.*?)"', one._p.xml) for one in made.paragraphs if one.text]
    assert fonts[-3:-1] == [["方正黑体_GBK"], ["方正仿宋_GBK"]]
    assert ["方正小标宋简体"] in fonts
    for wrong in ("仿宋=方正仿宋_GBK", "黑体", "黑体="):
        with pytest.raises(ValueError, match="原字体"):
            fonts_in(wrong)


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("督办单", ["督办单"]),
        ("一二三四五六七八九十一二三四五六七八九十", ["一二三四五六七八九十一二三四五六七八九十"]),
        ("关于《甲市分解表》逾期任务办理情况的通报", ["关于《甲市分解表》逾期任务办理情况的通报"]),
        ("关于《某省危化品安全治理任务表》逾期任务办理情况的通报",
         ["关于《某省危化品安全治理任务表》", "逾期任务办理情况的通报"]),
        ("长" * 300, ["长" * 300]),
    ],
)  # fmt: skip
def test_a_title_is_broken_where_a_name_ends_into_lines_that_fit(title: str, lines: list[str]) -> None:
    assert title_lines(title) == lines


def test_a_column_of_a_table_stands_in_the_middle_where_all_of_it_is_short() -> None:
    table = Table("甲", ("编号", "事项"), (1, 2), (("A-1", "催办"), ("A-2", "通报（2022年第1期）")))
    made = Document(io.BytesIO(official(Written("督办单", (table,)), OFFICE))).tables[0]
    sides = [[cell.paragraphs[0].alignment for cell in row.cells] for row in made.rows[1:]]
    assert sides == [[WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT]] * 2


def pages_of(paper: Written, folder: Path) -> int:
    """Return on how many pages LibreOffice sets a paper."""
    (folder / "paper.docx").write_bytes(official(paper, OFFICE))
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", "pdf",
         "--outdir", str(folder), str(folder / "paper.docx")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    with pdfplumber.open(folder / "paper.pdf") as shown:
        return len(shown.pages)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_the_leaders_page_and_a_closure_are_one_page_each(story: Story, tmp_path: Path) -> None:
    units = [f"第{number}市应急管理局" for number in range(1, 20)]
    story.begins(
        "2022-06-01 09:00", *(task(place, "2022-06-10", lead=(unit,), text="开展隐患排查，建立台账并逐项整改。" * 3)
                              for place, unit in enumerate(units, 1)),
        *(task(place, f"2022-06-{place}", lead=(units[0],)) for place in range(23, 31)),
    )  # fmt: skip
    story.until("2022-06-23 09:00")
    for reason in ("缺少现场照片", "验收意见没有盖章", ""):
        story.group(units[0]).says("任务1已办结", file="报告.pdf")
        story.room.says(f"退回 1 {reason}" if reason else "核查 1", who="协调员")
        story.until(f"2022-06-{24 if reason else 27} 10:00")
    story.forget()
    closed = story.line(1, units[0])
    with story.store.read() as session:
        page = contents.page(session, session.get_one(Campaign, 1), at("2022-06-23 09:00"))
        closure = contents.closure(session, closed)
    assert [row[1] for row in tables(closure)["经过"].rows].count("退回") == 2
    assert [pages_of(one, tmp_path) for one in (page, closure)] == [1, 1]
    said = "\n".join(texts(page))
    assert "最久的7个单位，另有11个见台账" in said
    assert "一周内到期8项" in said
    assert f"6月23日{units[0]}〔A-23〕；" in said
    assert "；另有4项见台账。" in said


def test_a_bulletin_names_as_its_annex_the_round_that_was_closed_since_the_one_before(signed: Story) -> None:
    assert not any("附件" in text for text in texts(bulletin(signed, "2022-06-22 10:00")))
    signed.appoints("王芳", Rank.COORDINATOR)
    signed.until("2022-06-22 10:30")
    signed.room.says("7月1日前报送整治进展，发各单位，请填：进展", "王芳")
    signed.room.presses(signed.room.hears("【调度预览】"), "确认发出", "王芳")
    signed.group(ECONOMY).says("A-1 完成八成，月底收尾")
    signed.rests()
    signed.forget()
    signed.room.says("结束调度", "王芳")
    signed.room.presses(signed.room.hears("调度没有结束"), "结束并出表", "王芳")
    signed.rests()
    with signed.store.write() as session:
        number = session.exec(select(Paper.id).where(Paper.kind == NoticeKind.BULLETIN)).one()
        named = drafts.named_in(session, [session.get_one(Paper, number)])
        drafts.draft(session, 1, NoticeKind.BULLETIN, date(2022, 6, 23), None, named, at("2022-06-23 10:00"))
        session.flush()
        next_one = session.exec(select(Paper).where(Paper.kind == NoticeKind.BULLETIN, Paper.id != number)).one()
        paper = contents.of_paper(session, signed.stage.desk, next_one, at("2022-06-23 10:00"))
    annex = "附件：整治进展调度表（2022年6月22日）"
    assert texts(paper)[-1] == annex
    lines = [one.text for one in Document(io.BytesIO(official(paper, OFFICE))).paragraphs]
    assert lines[lines.index(annex) - 1] == ""
    assert not any("附件" in text for text in texts(bulletin(signed, "2022-06-23 10:00"))), "it was signed before"
    signed.forget()


def test_several_annexes_are_numbered_one_under_the_other() -> None:
    of = Paragraph("附件：1. 一季度进展调度表\t2. 二季度进展调度表")
    lines = Document(io.BytesIO(official(Written("通报", (of,)), OFFICE))).paragraphs
    first, second = [one for one in lines if "进展" in one.text]
    assert (first.text, second.text) == ("附件：1. 一季度进展调度表", "2. 二季度进展调度表")
    assert first.paragraph_format.first_line_indent == Pt(2 * 16)
    assert second.paragraph_format.first_line_indent == Pt(5 * 16), "under the first"


def test_a_sentence_is_not_parted_from_the_table_that_it_introduces(signed: Story) -> None:
    made = Document(io.BytesIO(official(bulletin(signed, "2022-06-22 10:00"), OFFICE)))
    kept = {one.text[:4]: bool(one.paragraph_format.keep_with_next) for one in made.paragraphs}
    assert (kept["下列2项"], kept["二、逾期"], kept["共交办3"]) == (True, True, False)


@pytest.mark.parametrize(
    "said", ["省委办公厅、省政府办公厅", "省委办公厅、省政府办公厅。", " 省委办公厅、省政府办公厅， "]
)
def test_who_gets_copies_ends_with_a_full_stop(said: str) -> None:
    assert Letterhead(copies=said).copied == "省委办公厅、省政府办公厅。"


def test_a_summons_claims_no_more_in_words_than_its_table_shows(story: Story) -> None:
    story.begins("2022-06-01 09:00", task(1, "2022-06-10"), unbound=(ECONOMY,))
    story.until("2022-07-04 12:00")
    story.forget()
    with story.store.read() as session:
        paper = session.exec(select(Paper).where(Paper.kind == NoticeKind.SUMMONS)).one()
        draft = contents.of_paper(session, story.stage.desk, paper, at("2022-07-04 12:00"))
        page = contents.page(session, session.get_one(Campaign, 1), at("2022-07-04 12:00"))
    assert tables(draft)["逾期"].rows[0][-1] == "此前通知未能送达"
    assert not any("催办" in text for text in texts(draft))
    assert dict(draft.explained())["所列事项"] == (f"A-1 {ECONOMY}",)
    waiting = {name: codes for name, codes in page.explained() if name.startswith("待签发")}
    assert [(name[-2:], codes) for name, codes in waiting.items()] == [
        ("通报", (f"A-1 {ECONOMY}",)),
        ("约谈", (f"A-1 {ECONOMY}",)),
    ]


@pytest.mark.parametrize("lines", range(8, 13))
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_no_page_holds_a_signature_alone(lines: int, tmp_path: Path) -> None:
    blocks = tuple(Paragraph(f"第{number}段正文。") for number in range(lines))
    paper = Written("约谈通知", blocks, "某安委办〔2022〕1号", "省经信厅", "王主任", date(2022, 6, 22))
    pages_of(paper, tmp_path)
    with pdfplumber.open(tmp_path / "paper.pdf") as shown:
        signed = next(page.extract_text() for page in shown.pages if "2022" in page.extract_text().split("号")[-1])
    assert "段正文" in signed
    assert "签发人" in signed


def texts(paper: Written) -> list[str]:
    return [block.text for block in paper.blocks if isinstance(block, Paragraph)]


def test_the_ledger_read_again_gives_the_tasks_that_it_was_made_of(story: Story, tmp_path: Path) -> None:
    story.begins(
        "2022-06-01 09:00", task(1, "2022-11-30", responsible=(EMERGENCY,), text="建立园区安全风险分级管控制度。"),
        task(2, "2022-12-31", lead=(ENVIRONMENT,), assist=(ECONOMY,), text="=组织开展专项检查，\x07形成问题清单。"),
    )  # fmt: skip
    story.until("2022-06-02 10:00")
    story.group(ECONOMY).says("收到")
    story.forget()
    with story.store.read() as session:
        lines = ledger.lines(session, Which(EVERY))
        made = ledger_book(session, lines, at("2022-06-03 09:00"))
        units = ledger_book(session, lines, at("2022-06-03 09:00"), by_unit=True)
    (tmp_path / "台账.xlsx").write_bytes(made)
    first, second = (load_workbook(io.BytesIO(one)).worksheets[0] for one in (made, units))
    assert first["H3"].value.date() == date(2022, 11, 30)
    assert all(cell.data_type != "f" for sheet in (first, second) for row in sheet.iter_rows() for cell in row)
    row = next(second.iter_rows(min_row=3, max_col=8, values_only=True))
    assert (row[0], row[1], row[3], row[7]) == ("A-1", ECONOMY, "已签收", "张工")
    again = read_document(tmp_path / "台账.xlsx", year=2022)
    assert [(one.text.lstrip("="), one.lead, one.responsible, one.assist) for one in again.tasks] == [
        ("建立园区安全风险分级管控制度。", (ECONOMY,), (EMERGENCY,), ()),
        ("组织开展专项检查，形成问题清单。", (ENVIRONMENT,), (), (ECONOMY,)),
    ]
    assert [one.due for task_read in again.tasks for one in task_read.milestones] == [
        date(2022, 11, 30),
        date(2022, 12, 31),
    ]


def test_a_calendar_holds_a_units_deadlines_with_an_alarm_the_day_before_of_what_is_owed(story: Story) -> None:
    story.begins("2022-06-01 09:00", task(1, "2022-06-30"), task(2, None), task(3, "2022-07-15"))
    story.group(ECONOMY).says("任务1已办结")
    story.room.says("核查 1", who="协调员")
    story.forget()
    with story.store.read() as session:
        lines = ledger.lines(session, Which(EVERY))
        again = Calendar.from_ical(calendar(lines, "省经信厅", at("2022-06-01 12:00")))
    first, second = again.walk("VEVENT")
    assert [str(one["summary"]) for one in (first, second)] == [
        "（已销号）〔A-1〕完成第1项工作。",
        "〔A-3〕完成第3项工作。",
    ]
    assert (second.decoded("dtstart"), second.decoded("dtend")) == (date(2022, 7, 15), date(2022, 7, 16))
    assert [len(one.walk("VALARM")) for one in (first, second)] == [0, 1]


def test_a_bulletin_carries_the_score_that_counts(signed: Story) -> None:
    assert tables(bulletin(signed, "2022-06-23 10:00"))["单位"].headings[-1] == "退回"
    with signed.store.write() as session:
        paper = session.exec(select(Paper).where(Paper.kind == NoticeKind.BULLETIN)).one()
        session.add(ScoreSheet(
            campaign_id=1, month=date(2022, 5, 1), shown_at=at("2022-06-02 09:00"), objections_until=date(2022, 6, 8),
            settled_at=paper.signed_at,
        ))  # fmt: skip
    table = tables(bulletin(signed, "2022-06-23 10:00"))["单位"]
    assert table.headings[-1] == "记分"
    assert {row[-1] for row in table.rows} == {"0"}
    with signed.store.write() as session:  # no record tells of it, since nobody was shown it
        session.delete(session.exec(select(ScoreSheet)).one())
