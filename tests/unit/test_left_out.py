"""Who is named only to be left out of what is said of all the others is not what a message is about."""

from datetime import date

import pytest

from bot.dialogue.understand import Intent, understand

ON = date(2022, 6, 20)


@pytest.mark.parametrize(
    ("said", "but"),
    [
        ("除了B-6都按时完成没问题", ("B-6",)),
        ("除B-6外都办完了", ("B-6",)),
        ("除〔B-6〕以外，其余全部完成", ("B-6",)),
        ("除开B-6都好了", ("B-6",)),
        ("B-6、B-7除外，其余全部完成", ("B-6", "B-7")),
        ("除了B-6和B-7都完成了", ("B-6", "B-7")),
        ("除了3号都办完了", ("3",)),
        ("除B-6外，都在推进", ("B-6",)),
        ("都完成了，除了B-6", ("B-6",)),
        ("都完成了，只有B-6没完成", ("B-6",)),
        ("只有B-6没动，其他都办完了", ("B-6",)),
        ("就B-6还没弄，别的都弄好了", ("B-6",)),
    ],
)
def test_what_is_left_out_is_no_task_of_the_message(said: str, but: tuple[str, ...]) -> None:
    heard = understand(said, on=ON)
    assert (heard.task, heard.tasks, heard.but) == (None, (), but)
    assert heard.intent is not Intent.DONE


@pytest.mark.parametrize(
    ("said", "task"),
    [
        ("B-5完成了，除了B-6都完成了", "B-5"),
        ("除B-6外都在推进，B-6要延期到8月15日", "B-6"),
        ("只有B-6没动", "B-6"),
        ("都推不动，只有B-6完成了", "B-6"),
        ("除B-6的两家外都弄完了", "B-6"),
        ("除B-6外，B-7也没完成", "B-6"),
        ("除B-6外，还有两项没报", "B-6"),
        ("B-6除了照片都齐了", "B-6"),
    ],
)
def test_what_is_spoken_of_for_itself_is_the_task(said: str, task: str) -> None:
    assert understand(said, on=ON).task == task
