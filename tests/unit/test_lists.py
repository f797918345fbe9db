"""A list that came in is read once and remembered; that it could not be read is remembered no longer than for its answer."""

from pathlib import Path

import pytest

from db.archive import Archive
from jobs.campaigns import lists
from jobs.reading.document import Document
from jobs.reading.files import UnreadableFile

READ = Document("清单", 2022, "", None, ())


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the reader answers next, a refusal or "" for a document; what it was asked is taken from it."""
    answers: list[str] = []

    def read(_path: Path, _year: int | None) -> Document:
        why = answers.pop(0)
        if why:
            raise UnreadableFile(why)
        return READ

    monkeypatch.setattr(lists, "read_guarded", read)
    lists._read.cache_clear()
    lists._refused.clear()
    return answers


def test_a_refusal_is_told_to_who_asks_next_and_the_same_file_sent_again_is_read_anew(
    tmp_path: Path, said: list[str]
) -> None:
    archive = Archive(tmp_path)
    sha256 = archive.keep(b"list")
    said += ["读取超过 30 秒", ""]
    lists.read_ahead(archive, "清单.docx", sha256, 2022)
    for _again in range(2):  # a transaction may be done anew: it reads nothing
        with pytest.raises(UnreadableFile, match="30 秒"):
            lists.kept(archive, "清单.docx", sha256, 2022)
    lists.read_ahead(archive, "清单.docx", sha256, 2022)
    assert lists.kept(archive, "清单.docx", sha256, 2022).document is READ
    lists.read_ahead(archive, "清单.docx", sha256, 2022)
    assert said == [], "what was read is remembered"
