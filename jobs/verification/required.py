"""Required evidence 佐证要求: what a report is to bring by the words of its task, and what of it is not there."""

from collections.abc import Iterable

from sqlmodel import Session

from db.ledger import Line, evidence, problems
from db.words import Phase
from jobs.desk import Desk
from jobs.planning.policy import ANY_FILE, Policy

_PAPER = frozenset({"doc", "docx", "wps", "pdf", "ofd", "rtf"})

_SUFFIXES = {
    "照片": frozenset({"jpg", "jpeg", "png", "heic", "heif", "webp", "bmp", "gif", "tif", "tiff"}),
    "视频": frozenset({"mp4", "mov", "avi", "mkv", "3gp", "wmv"}),
    "报告": _PAPER,
    "表格": frozenset({"xls", "xlsx", "et", "csv"}),
}
"""By which endings a file is known for what it is; a file that is called so counts too (整改照片.docx)."""


def required(policy: Policy, text: str) -> tuple[str, ...]:
    """Return what a report on a task of these words is to bring; the first row of the policy with a word of it decides."""
    return next((kinds for words, kinds in policy.evidence if any(word in text for word in words)), ())


def missing(wanted: Iterable[str], names: Iterable[str]) -> tuple[str, ...]:
    """Return what is ``wanted`` and no file of these names is."""
    called = list(names)
    return tuple(kind for kind in wanted if not any(_is(kind, name) for name in called))


def _is(kind: str, name: str) -> bool:
    suffix = name.rpartition(".")[2].lower()
    return kind == ANY_FILE or kind in name or suffix in _SUFFIXES[kind]


def lacking(session: Session, desk: Desk, line: Line) -> tuple[str, ...]:
    """Return what a report on an assignment is to bring by its campaign's policy, and nobody has handed in; a problem's picture
    from before is no evidence that it was set right, nor what was shown before a spot check found it untrue.
    """
    wanted = required(desk.policy_of(session, line.campaign.id), f"{line.task.text}\n{line.milestone.deliverable}")
    if not wanted:
        return ()
    problem = problems.of(session, [line]).get(line.assignment.id)
    since = problem.since if problem is not None else None
    files = [file for file in evidence.of(session, line.assignment.id) if since is None or file.at >= since]
    return missing(wanted, (file.name for file in files if file.phase is not Phase.BEFORE))
