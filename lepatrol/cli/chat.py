"""``lepatrol chat``: talk with the greeter in a terminal, or measure how well it answers."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from lepatrol.cli.options import Commands, add_command
from lepatrol.model.errors import LepatrolError

if TYPE_CHECKING:
    from lepatrol.greeting.greeter import Greeter, Outcome
    from lepatrol.model.knowledge import LanguageData

_DESCRIPTION = """\
Talk with the greeter of a site as a visitor would: a line is a message, Ctrl-D ends. It answers from the site's
knowledge file, in the language it is spoken to. What the desk would hear stands in brackets; "/desk TEXT" speaks as
the desk, "/release" gives the conversation back to the greeter.

With --evaluate FILE it plays files of utterances instead (test/greeting/utterances has some) and prints how many were
answered right, refused, escalated or leaked, for the half that may be used for tuning and for the other one.
"""
_EXAMPLES = """\
  lepatrol chat
  lepatrol chat --site border --clock '2026-12-24 09:30'
  lepatrol chat --evaluate test/greeting/utterances/*.yaml --curve curve.png
  lepatrol chat --evaluate mine.yaml --wrong       also what went wrong, of the half for tuning
"""


def add_commands(commands: Commands) -> None:
    """Declare ``chat``."""
    parser = add_command(commands, 'chat', run, summary='talk with the greeter, or measure how well it answers',
                         description=_DESCRIPTION, examples=_EXAMPLES)
    parser.add_argument('--site', default='prison', metavar='NAME',
                        help='name of a file of config/knowledge, or its path (default: %(default)s)')
    parser.add_argument('--clock', default='', metavar='TIME',
                        help="the site's local date and time, such as '2026-11-18 10:00' (default: now)")
    parser.add_argument('--evaluate', nargs='+', type=Path, metavar='FILE', help='files of utterances to play')
    parser.add_argument('--curve', type=Path, metavar='PNG',
                        help='draw what other thresholds would do, as a precision-recall curve')
    parser.add_argument('--wrong', action='store_true', help='list what went wrong, of the half for tuning')


def run(arguments: argparse.Namespace) -> int:
    """Talk, or measure."""
    if arguments.evaluate:
        from lepatrol.cli.chat_evaluation import evaluate

        return evaluate(arguments.evaluate, arguments.curve, wrong=arguments.wrong)
    if arguments.curve or arguments.wrong:
        raise LepatrolError('--curve and --wrong tell of files of utterances; give them with --evaluate FILE')
    return _talk(arguments.site, arguments.clock)


def _talk(site: str, clock: str) -> int:
    from lepatrol import reception
    from lepatrol.settings.greeter import BoundSettings, GreeterSettings

    # Lines may come from a file, all at once.
    settings = GreeterSettings(bounds=BoundSettings(messages=1000))
    knowledge = reception.load_knowledge(site)
    languages = reception.load_languages(knowledge.languages)
    greeter = reception.make_greeter(knowledge, settings, clock_start=clock, languages=languages)
    begun_s = time.time() if clock else 0.0
    if sys.stdin.isatty():
        print(f'The greeter of {site} listens ({", ".join(data.name for data in languages.values())}); Ctrl-D ends.')
    while True:
        try:
            line = input('> ' if sys.stdin.isatty() else '')
        except EOFError:
            return 0
        if line.strip():
            _show(_hear(greeter, line, time.time() - begun_s), languages)


def _hear(greeter: Greeter, line: str, now_s: float) -> Outcome:
    """Give a line to the greeter as the visitor's, or as the desk's."""
    from lepatrol.model.chat import DeskOrder, Heard

    if line.startswith('/desk ') and greeter.conversations:
        return greeter.desk_says(DeskOrder('', line.removeprefix('/desk ')), now_s)
    if line.strip() == '/release' and greeter.conversations:
        return greeter.desk_says(DeskOrder('', release=True), now_s)
    return greeter.hear(Heard(line), now_s)


def _show(outcome: Outcome, languages: dict[str, LanguageData]) -> None:
    from lepatrol.greeting.bidi import isolated

    for reply in outcome.replies:
        for sentence in reply.sentences:
            print(isolated(sentence, right_to_left=languages[reply.language].right_to_left))
        if reply.path:
            print(f'[way: {" -> ".join(reply.path)}]')
    for event in outcome.events:
        print(f'[desk: {event.kind.value} {event.number}: {event.subject}]')
