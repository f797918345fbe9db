"""Tell at the end what came of each race."""

import pytest

from tests.harness.races import FIGURES


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print a line for each race: its database, tries, who heard that another was first, what became of the rest."""
    if not FIGURES:
        return
    terminalreporter.section("races")
    terminalreporter.write_line("database    tries  told who was first  the rest, by outcome")
    for one in FIGURES:
        rest = ", ".join(f"{count} {outcome}" for outcome, count in sorted(one.rest.items())) or "-"
        terminalreporter.write_line(f"{one.database:<12}{one.tries:>5}{one.told:>20}  {rest}   {one.name}")
    tries, told = sum(one.tries for one in FIGURES), sum(one.told for one in FIGURES)
    terminalreporter.write_line(f"{len(FIGURES)} races, {tries} tries, {told} told who was first")
