"""A greeter to talk with, for tests: the prison's, on a Wednesday at ten."""

from functools import cache
from itertools import count

from lepatrol import reception
from lepatrol.model.chat import Heard
from lepatrol.settings.greeter import GreeterSettings

CLOCK = '2026-11-18 10:00'


@cache
def knowledge(site='prison'):
    return reception.load_knowledge(site)


@cache
def languages():
    return reception.load_languages(reception.resources.known_languages())


@cache
def shared():
    """Return a greeter that many visitors talk with: it takes a second to make one."""
    return make()


class Visitor:
    """Says one thing after another, ten seconds apart."""

    _numbers = count()

    def __init__(self, greeter=None, conversation=None):
        self.greeter = greeter or shared()
        self.conversation = conversation or f'visitor {next(self._numbers)}'
        self.now_s = 0.0
        self.events = []

    def says(self, *messages, language=''):
        """Say something; return the reply to the last of it."""
        for message in messages:
            self.now_s += 10.0
            outcome = self.greeter.hear(Heard(message, self.conversation, language), self.now_s)
            self.events += outcome.events
        return outcome.replies[0] if outcome.replies else None


def make(settings=None, folder=None, clock=CLOCK, site='prison'):
    return reception.make_greeter(
        knowledge(site), settings or GreeterSettings(), clock_start=clock, transcript_folder=folder,
        languages=languages())
