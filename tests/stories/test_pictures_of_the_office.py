"""A photograph that a coordinator took is kept with the task or unit that it shows, under their own name."""

from sqlmodel import select

from db.models import Evidence, Person
from db.words import Rank
from tests.harness.story import ECONOMY, EMERGENCY, Story, task

WHO = "王协调"


def test_a_photograph_is_kept_with_the_task_or_unit_that_its_caption_names(story: Story) -> None:
    story.begins(
        "2022-06-01 14:00", task(1, "2022-09-30"), task(2, "2022-09-30"), task(3, "2022-09-30", lead=(EMERGENCY,))
    )
    story.appoints(WHO, Rank.COORDINATOR)
    story.forget()
    for number, (caption, code) in enumerate(
        (("A-1 现场照片", "A-1"), (EMERGENCY, "A-3"), (f"A-3 {EMERGENCY}", "A-3"))
    ):
        story.room.says(caption, who=WHO, file=f"现场{number}.jpg", content=str(number).encode())
        story.room.hears(f"已收存〔{code}〕照片：现场{number}.jpg")
    story.room.says(ECONOMY, who=WHO, file="门口.jpg")
    asked = story.room.hears("请问是哪一项")
    story.room.presses(asked, f"A-2〕{ECONOMY}", who=WHO)
    story.room.hears("已收存〔A-2〕照片：门口.jpg")
    for unit in (ECONOMY, EMERGENCY):
        story.group(unit).hears_nothing_more()
    with story.store.read() as session:
        by = session.exec(select(Person.name).join(Evidence, Evidence.person_id == Person.id)).all()  # type: ignore[arg-type]
    assert by == [WHO] * 4


def test_what_is_no_photograph_or_says_more_is_none(story: Story) -> None:
    story.begins("2022-06-01 14:00", task(1, "2022-09-30"))
    story.appoints(WHO, Rank.COORDINATOR)
    story.forget()
    for caption, file in ((ECONOMY, "清单.txt"), ("A-1 请按这个整改", "意见.jpg"), ("", "清单.jpg")):
        story.room.says(caption, who=WHO, file=file)
        assert "已收存" not in story.room.hears().text, caption


def test_of_a_photograph_with_other_words_it_is_asked_what_it_shows(story: Story) -> None:
    story.begins("2022-06-01 14:00", task(1, "2022-09-30"), task(2, "2022-09-30", lead=(EMERGENCY,)))
    story.appoints(WHO, Rank.COORDINATOR)
    story.forget()
    story.room.says("早上路过拍的，堆得有点高", who=WHO, file="路过.jpg")
    asked = story.room.hears("这张照片是哪一项的佐证", "请问是哪一项")
    assert {label for label, _data in asked.buttons} == {"读作清单", f"〔A-1〕{ECONOMY}", f"〔A-2〕{EMERGENCY}"}
    story.room.presses(asked, f"A-2〕{EMERGENCY}", who=WHO)
    story.room.hears("已收存〔A-2〕照片：路过.jpg")
    story.room.says("这个也看看", who=WHO, file="扫描.jpg", content=b"another")
    asked = story.room.hears("这张照片是哪一项的佐证")
    story.room.presses(asked, "读作清单", who=WHO)
    story.room.hears("“扫描.jpg”未导入")
    story.room.says("安全生产任务清单", who=WHO, file="扫描.jpg", content=b"a third")
    story.room.hears("“扫描.jpg”未导入")
