"""Who was truly greeted, and how often: greetings are set against where people really are."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import pairwise

from lepatrol.evaluation.behaviour_job import Figure, most
from lepatrol.evaluation.behaviour_stage import places_of
from lepatrol.evaluation.lockstep import Lockstep
from lepatrol.model.chat import ReplyKind

_NEAR_M = 1.0
"""A greeting is for who is this near to where the greeter takes its visitor to be."""
_AGAIN_S = 600.0


@dataclass(frozen=True, slots=True)
class Greeting:
    """One greeting; ``who`` is '' where nobody was there, ``off_m`` how far the nearest was from where he was seen."""

    stamp_s: float
    conversation: str
    who: str
    off_m: float


class GuestBook:
    """Watches a loop with a greeter in it."""

    def __init__(self, people: Iterable[str]) -> None:
        """Know people by name, and that nobody was greeted."""
        self.greetings: list[Greeting] = []
        self._people = tuple(people)
        self._read = 0

    def __call__(self, loop: Lockstep) -> None:
        """Take in one step."""
        assert loop.lobby is not None, 'a greeter was given'
        replies, self._read = loop.lobby.replies[self._read:], len(loop.lobby.replies)
        for reply in replies:
            if reply.kind is ReplyKind.GREETING and loop.lobby.welcome in reply.sentences:
                self._note(loop, reply.conversation)

    def conversation_of(self, name: str) -> str:
        """Return the conversation that somebody was greeted in last, '' where he was not."""
        return next((each.conversation for each in reversed(self.greetings) if each.who == name), '')

    def flaws(self, expected: Collection[str]) -> list[str]:
        """Say who of those expected was not greeted, and who ought not to have been."""
        flaws = []
        for name in sorted({each.who for each in self.greetings} | set(expected)):
            stamps_s = [each.stamp_s for each in self.greetings if each.who == name]
            at = ', '.join(f'{stamp_s:.0f} s' for stamp_s in stamps_s)
            if not name:
                flaws.append(f'nobody was there who was greeted at {at}')
            elif name not in expected:
                flaws.append(f'{name} was greeted at {at}')
            elif not stamps_s:
                flaws.append(f'{name} was not greeted')
            elif any(after - before < _AGAIN_S for before, after in pairwise(stamps_s)):
                flaws.append(f'{name} was greeted twice, at {at}')
        return flaws

    @property
    def figures(self) -> dict[str, Figure]:
        """Return how many were greeted, and how far they were from where they were seen."""
        figures = {'greeted': most(len(self.greetings))}
        if self.greetings:
            figures['greeted_off_m'] = most(max(each.off_m for each in self.greetings))
        return figures

    def _note(self, loop: Lockstep, conversation: str) -> None:
        assert loop.lobby is not None
        seen_m = loop.lobby.host.place_m(conversation) or (math.inf, math.inf)
        off_m, name = min((math.dist(places_of(loop, frozenset((name,)))[0], seen_m), name) for name in self._people)
        self.greetings.append(Greeting(
            loop.simulator.time_s, conversation, name if off_m <= _NEAR_M else '', off_m))
