"""Reading processes: no more than a few at a time, and a stop ends them at once."""

import queue
import threading
from io import BytesIO
from pathlib import Path

import pytest

from jobs.reading import guard
from jobs.reading.files import UnreadableFile
from jobs.reading.guard import AT_ONCE, Guard, Stopping


@pytest.fixture(autouse=True)
def own_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each test begin with none, and not be stopped by another."""
    monkeypatch.setattr(guard, "_readers", guard._Readers())


def test_no_more_than_two_read_at_once() -> None:
    held = [Guard().__enter__() for _ in range(AT_ONCE)]
    entered = threading.Event()

    def third() -> None:
        with Guard():
            entered.set()

    waiting = threading.Thread(target=third)
    waiting.start()
    assert not entered.is_set()
    held[0].__exit__(None, None, None)
    waiting.join(timeout=20)
    assert entered.is_set()
    held[1].__exit__(None, None, None)


def test_a_stop_ends_who_reads_and_who_waits_for_a_place(tmp_path: Path) -> None:
    pipe = tmp_path / "清单.txt"
    pipe.write_text("", encoding="utf-8")
    outcomes: list[str] = []

    def reads(started: threading.Event) -> None:
        try:
            with Guard() as one:
                one._started()
                started.set()
                one._lines.get(timeout=20)  # the process says nothing by itself: only its end comes
                guard._readers.look()
        except Stopping:
            outcomes.append("stopped")

    begun = [threading.Event() for _ in range(AT_ONCE)]
    threads = [threading.Thread(target=reads, args=(one,)) for one in begun]
    for thread, one in zip(threads, begun, strict=True):
        thread.start()
        assert one.wait(20)
    threads.append(threading.Thread(target=reads, args=(threading.Event(),)))
    threads[-1].start()
    guard.stop_all()
    for thread in threads:
        thread.join(timeout=20)
    assert outcomes == ["stopped"] * (AT_ONCE + 1)


def test_nothing_is_read_once_the_program_is_stopping(tmp_path: Path) -> None:
    path = tmp_path / "清单.txt"
    path.write_text("一", encoding="utf-8")
    guard.stop_all()
    with pytest.raises(Stopping):
        guard.read_guarded(path)


@pytest.fixture
def slow_to_say(monkeypatch: pytest.MonkeyPatch) -> Guard:
    """A reading process of which the test says what it answers."""
    one = Guard()
    monkeypatch.setattr(one, "_started", lambda: type("Process", (), {"stdin": BytesIO()})())
    monkeypatch.setattr(one, "_end", lambda: None)
    return one


@pytest.mark.parametrize(
    "answer", [b"{not json\n", b"17\n", b'{"document": 17}\n', b'{"document": {"title": 3}}\n', b'{"nothing": 1}\n']
)
def test_an_answer_that_nobody_can_read_is_a_refusal_and_no_fault(slow_to_say: Guard, answer: bytes) -> None:
    slow_to_say._lines.put(answer)
    with pytest.raises(UnreadableFile, match="读取程序的回答无法识别"):
        slow_to_say.read(Path("清单.docx"))


def test_a_scan_has_a_time_for_each_page_and_one_for_all_of_them(
    slow_to_say: Guard, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter(range(0, 10_000, 29))  # each page comes after 29 seconds, within its own time
    waited: list[float] = []

    def get(timeout: float) -> bytes:
        waited.append(timeout)
        if timeout <= 0:
            raise queue.Empty
        return b'{"done": 1, "all": 40, "pages": true}\n'

    monkeypatch.setattr(guard.time, "monotonic", lambda: float(next(clock)))
    monkeypatch.setattr(slow_to_say._lines, "get", get)
    assert slow_to_say._ask(b"", None) is None
    assert len(waited) < guard.WHOLE / 29 + 1
