"""The export of a campaign holds what is its own: of a message that told two lists together, its own part."""

import zipfile
from pathlib import Path

from sqlmodel import select

from db.models import Campaign
from db.words import NoticeKind, Rank
from jobs.printed import bundle
from tests.harness.story import ECONOMY, Story, task


def test_no_export_holds_the_tasks_of_another_campaign_that_a_morning_told_along(story: Story, tmp_path: Path) -> None:
    story.begins("2022-06-22 10:00", task(1, "2022-06-27", text="检查甲桥"))
    story.also_begins("乙清单", task(1, "2022-06-27", text="检查乙隧道"))
    story.appoints("王芳", Rank.COORDINATOR)
    story.until("2022-06-24 12:00")
    story.group(ECONOMY).says("收到")
    story.until("2022-06-29 12:00")
    story.muted |= set(NoticeKind)
    story.forget()
    with story.store.read() as session:
        for campaign, own, others in zip(
            session.exec(select(Campaign)), ("甲桥", "乙隧道"), ("乙隧道", "甲桥"), strict=True
        ):
            out = tmp_path / f"{campaign.id}.zip"
            bundle.write(session, story.stage.desk.archive, campaign, story.stage.clock.now(), out)
            with zipfile.ZipFile(out) as packed:
                rows = "".join(packed.read(name).decode() for name in packed.namelist() if name.endswith("jsonl"))
                messages = packed.read("data/message.jsonl").decode()
            assert others not in rows
            assert own in messages
            assert bundle.TOGETHER in messages
