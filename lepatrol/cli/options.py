"""How subcommands are declared, and the options that several of them share."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from typing import Any

_MOST_SPEED = 1000.0
"""The bound of the simulator's parameter ``speed``."""

Commands = Any
"""What ``ArgumentParser.add_subparsers`` returns; argparse keeps its type private."""


def add_command(
    commands: Commands, name: str, run: Callable[[argparse.Namespace], int], *, summary: str, description: str,
    examples: str,
) -> argparse.ArgumentParser:
    """Declare a subcommand whose help ends with examples; return its parser."""
    parser: argparse.ArgumentParser = commands.add_parser(
        name, help=summary, description=description, epilog=f'examples:\n{examples}',
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.set_defaults(run=run)
    return parser


def positive(text: str) -> float:
    """Parse a finite number above zero."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value > 0.0):
        raise argparse.ArgumentTypeError(f'{text!r} is no number above 0')
    return value


def speed(text: str) -> float:
    """Parse a speed factor: times real time, 0 or ``max`` for as fast as it can."""
    try:
        value = 0.0 if text == 'max' or float(text) == 0.0 else positive(text)
    except (ValueError, argparse.ArgumentTypeError):
        raise argparse.ArgumentTypeError(f"{text!r} is neither a number above 0 nor 'max'") from None
    if value > _MOST_SPEED:
        raise argparse.ArgumentTypeError(f"{text!r} is more than {_MOST_SPEED:g}; 'max' is as fast as it can")
    return value


def add_speed(parser: argparse.ArgumentParser, default: float) -> None:
    """Add ``--speed``."""
    parser.add_argument('--speed', type=speed, default=default, metavar='FACTOR',
                        help="simulated seconds per second, or 'max' (default: %(default)g)")


def add_site(parser: argparse.ArgumentParser) -> None:
    """Add ``--site``."""
    parser.add_argument('--site', default='prison', help='name or .yaml file (default: %(default)s)')


def seed(text: str) -> int:
    """Parse a seed."""
    if not (text.isascii() and text.isdigit() and int(text) < 2**31):
        raise argparse.ArgumentTypeError(f'{text!r} is no seed, a whole number from 0 to {2**31 - 1}')
    return int(text)
