"""Evidence as an album under its 待核查, where the service has albums; one bad file costs itself alone."""

import pytest

from tests.harness.bot_api import Trouble
from tests.harness.story import ECONOMY, task
from tests.harness.world import Group, InProcess


@pytest.fixture
def room(world: InProcess) -> Group:
    """The coordinators' room; the economy's group has heard of its task."""
    room = world.room()
    economy = world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.begins("2022-06-01 10:00", task(1, "2022-12-30"))
    economy.hears("交办通知")
    return room


def _reports(world: InProcess, count: int, seconds: str = "2022-06-01 10:03") -> None:
    """The unit hands in so many pictures, then reports."""
    economy = world.groups["经信厅工作群"]
    slip = economy.said("交办通知")
    for number in range(1, count + 1):
        economy.says("A-1", reply=slip, file=(f"照片{number}.jpg", f"picture {number}".encode()))
    economy.says("A-1 已办结", reply=slip)
    world.until(seconds)


def _of(room: Group, world: InProcess, word: str) -> list:
    return [sent for sent in world.api.sent if sent.chat == room.room.id and word in (sent.file or "")]


@pytest.mark.only("telegram", why="no albums")
def test_pictures_come_as_one_album_under_the_report_and_each_can_be_replied_to(world: InProcess, room: Group) -> None:
    _reports(world, 3)
    request = room.said("【待核查】")
    pictures = _of(room, world, "照片")
    assert [sent.file for sent in pictures] == ["照片1.jpg", "照片2.jpg", "照片3.jpg"]
    assert [sent.content for sent in pictures] == [b"picture 1", b"picture 2", b"picture 3"]
    assert {sent.reply_to for sent in pictures} == {request.id}
    assert pictures[0].text == "佐证〔A-1〕省经信厅：照片1.jpg"
    assert [call for call in world.api.calls if call == "sendMediaGroup"] == ["sendMediaGroup"]
    world.takes_silently()
    room.says("退回 照片看不清", who="王协调", reply=pictures[2])
    room.hears("〔A-1〕", "已退回")
    world.silent = True


@pytest.mark.only("telegram", why="no albums")
def test_of_an_album_that_is_refused_the_good_files_go_out_one_by_one(world: InProcess, room: Group) -> None:
    world.api.troubles.append(Trouble("refuse", method="sendMediaGroup", chat=room.room.id))
    _reports(world, 3, "2022-06-01 10:10")
    assert sorted(sent.file for sent in _of(room, world, "照片")) == ["照片1.jpg", "照片2.jpg", "照片3.jpg"]
    world.silent = True


@pytest.mark.only("telegram", why="no albums")
def test_an_album_of_more_than_ten_is_two(world: InProcess, room: Group) -> None:
    _reports(world, 12, "2022-06-01 10:20")
    assert len(_of(room, world, "照片")) == 12
    assert world.api.calls.count("sendMediaGroup") == 2
    world.silent = True


@pytest.mark.only("telegram", why="no albums")
def test_one_file_is_no_album(world: InProcess, room: Group) -> None:
    _reports(world, 1, "2022-06-01 10:10")
    assert len(_of(room, world, "照片")) == 1
    assert world.api.calls.count("sendMediaGroup") == 0
    world.silent = True


def test_every_file_comes_once_whatever_the_service_can(world: InProcess, room: Group) -> None:
    _reports(world, 2, "2022-06-01 10:10")
    assert [sent.content for sent in _of(room, world, "照片")] == [b"picture 1", b"picture 2"]
    world.silent = True
