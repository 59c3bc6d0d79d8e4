"""``lepatrol check``: validate the files a user writes."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from lepatrol.cli.options import Commands, add_command
from lepatrol.model.errors import LepatrolError

_DESCRIPTION = """\
Read files as the stack reads them and say what is wrong with them: FILE:LINE: KEY: MESSAGE. Known are worlds and
models (.sdf), robots (.urdf, .xacro) and, told apart by their content, site files, scenarios, knowledge and language
files, robot settings, ROS 2 parameter files and maps (.yaml). What the embedded simulator leaves out of a world or
robot, or its pictures do not show, is listed as a warning. The exit code is 1 if any file has an error.
"""
_EXAMPLES = """\
  lepatrol check worlds/prison.sdf
  lepatrol check config/scenarios/*.yaml
  lepatrol check config/sites/*.yaml config/lepatrol.yaml urdf/ugv.urdf.xacro
"""


def add_commands(commands: Commands) -> None:
    """Declare ``check``."""
    parser = add_command(commands, 'check', run, description=_DESCRIPTION, examples=_EXAMPLES,
                         summary='validate worlds, robots, sites, scenarios, knowledge, parameters and maps')
    parser.add_argument('files', nargs='+', type=Path, metavar='FILE')


def run(arguments: argparse.Namespace) -> int:
    """Check every file, also after one that is wrong."""
    from lepatrol.cli.checking import check_file

    wrong = 0
    for path in arguments.files:
        try:
            verdict = check_file(path)
        except LepatrolError as error:
            print(error, file=sys.stderr)
            wrong += 1
            continue
        for warning in verdict.warnings:
            print(f'warning: {warning}')
        print(f'ok  {path}: {verdict.summary}')
    if wrong and len(arguments.files) > 1:
        print(f'{wrong} of {len(arguments.files)} files have an error', file=sys.stderr)
    return 1 if wrong else 0
