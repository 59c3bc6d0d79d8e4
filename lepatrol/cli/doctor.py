"""``lepatrol doctor``: what is missing on this machine, and the command that installs it."""

from __future__ import annotations

import argparse

from lepatrol.cli.options import Commands, add_command

_DESCRIPTION = """\
Look whether everything that lepatrol needs is here: Python, its libraries, ROS 2 (by starting it), off-screen pictures
(by drawing one), and what is useful besides. For everything missing it prints the command that installs it. The exit
code is 0 if all that is needed is there, else 1.
"""
_EXAMPLES = """\
  lepatrol doctor
  lepatrol doctor || echo "not yet"
"""


def add_commands(commands: Commands) -> None:
    """Declare ``doctor``."""
    add_command(commands, 'doctor', run, summary='say what is missing here and how to install it',
                description=_DESCRIPTION, examples=_EXAMPLES)


def run(_: argparse.Namespace) -> int:
    """Print the table of findings, then the remedies, one per line, to be copied."""
    from lepatrol.cli.diagnosis import examine

    findings = list(examine())
    try:
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text
    except ImportError:  # It may be what is missing.
        for finding in findings:
            print(f'{_word(finding.good, finding.needed):8}  {finding.subject}: {finding.detail}')
    else:
        table = Table(box=None, pad_edge=False)
        table.add_column('')
        table.add_column('what', no_wrap=True)
        table.add_column('found', overflow='fold')
        for finding in findings:
            style = 'green' if finding.good else 'red' if finding.needed else 'yellow'
            table.add_row(Text(_word(finding.good, finding.needed), style), finding.subject, Text(finding.detail))
        Console().print(table)
    missing = [finding for finding in findings if finding.needed and not finding.good]
    optional = [finding for finding in findings if not finding.needed and not finding.good]
    for title, group in (('needed:', missing), ('useful, not needed:', optional)):
        if group:
            print(f'\n{title}')
            for finding in group:
                print(f'  {finding.subject}: {finding.remedy}')
    print('\nSomething that is needed is missing.' if missing else '\nEverything that is needed is here.')
    return 1 if missing else 0


def _word(good: bool, needed: bool) -> str:
    return 'ok' if good else 'MISSING' if needed else 'absent'
