"""The ``lepatrol`` command: one module per group of subcommands."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from lepatrol import __version__
from lepatrol.cli import behave, chat, check, demo, doctor, evaluate, learn, mapping, picture, rounds, running, worlds
from lepatrol.model.errors import LepatrolError

_EPILOG = """\
first steps:
  lepatrol doctor                   what is missing on this machine, and how to install it
  lepatrol demo                     a robot walks its round in the prison
  lepatrol up --world prison        simulator and nodes, to work with over ROS 2 topics
  lepatrol COMMAND --help           what a command does, with examples
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return the exit code: 0 good, 1 a mendable error, 2 wrong usage, 130 interrupted."""
    parsed = make_parser().parse_args(arguments)
    try:
        code = int(parsed.run(parsed))
        if sys.stdout is not None:  # Closed by the caller: ``>&-``.
            sys.stdout.flush()
        return code
    except LepatrolError as error:
        print(f'lepatrol: {error}', file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader (head, less) has gone; say nothing more, also not at interpreter shutdown.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        print(f'lepatrol: {error.filename or "the system"}: {error.strerror or error}', file=sys.stderr)
        return 1


def make_parser() -> argparse.ArgumentParser:
    """Make the parser of all commands; each sets ``run``, a function of the parsed arguments."""
    parser = argparse.ArgumentParser(
        prog='lepatrol', description='A security patrol stack for ROS 2 with a simulator of its own.',
        epilog=_EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--version', action='version', version=f'lepatrol {__version__}')
    commands = parser.add_subparsers(title='commands', metavar='COMMAND', required=True)
    for module in (demo, running, evaluate, rounds, behave, learn, mapping, picture, worlds, chat, check, doctor):
        module.add_commands(commands)
    return parser
