"""Hand a person over: offer them to all robots, award them to the nearest that answers; and take what is awarded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from lepatrol.behaviours.stopwatch import Stopwatch
from lepatrol.model.cases import Case
from lepatrol.model.handover import Answer, Award, HandOverMessage, Offer
from lepatrol.model.site import Point2

MayTake = Callable[[Offer], float | None]
"""Returns how far the robot has to go to take what is offered, None if it does not."""
_MOST_ANSWERED = 50


@dataclass(frozen=True, slots=True)
class Outcome:
    """Who has a case now, and how far they had to go; ``to`` None: nobody wanted it."""

    to: str | None = None
    distance_m: float = 0.0


@dataclass(slots=True)
class _Bidding:
    ends_s: float
    answers: dict[str, float] = field(default_factory=dict)


class HandOver:
    """One robot's side of all hand-overs, as giver and as taker."""

    def __init__(self, robot: str, watch: Stopwatch, *, answer_s: float, may_take: MayTake) -> None:
        """Speak for ``robot``; who answers an offer within ``answer_s`` is counted."""
        self._robot = robot
        self._watch = watch
        self._answer_s = answer_s
        self._may_take = may_take
        self._out: dict[str, _Bidding] = {}
        self._answered: dict[str, Offer] = {}
        self._unsent: list[HandOverMessage] = []

    def offer(self, case: Case, position_m: Point2, velocity_m_s: Point2) -> None:
        """Offer the person of a case to all other robots, unless that is being done."""
        if case.case_id in self._out:
            return
        self._out[case.case_id] = _Bidding(self._watch.elapsed_s + self._answer_s)
        self._unsent.append(Offer(case, position_m, velocity_m_s, self._robot))

    def is_offered(self, case_id: str) -> bool:
        """Tell whether answers for a case are being waited for."""
        return case_id in self._out

    def take_outcome(self, case_id: str) -> Outcome | None:
        """Return, once, what came of an offer: the case is the nearest's who answered. None: nothing yet."""
        bidding = self._out.get(case_id)
        if bidding is None or self._watch.elapsed_s < bidding.ends_s - 1e-9:
            return None
        del self._out[case_id]
        if not bidding.answers:
            return Outcome()
        distance_m, robot = min((away_m, name) for name, away_m in bidding.answers.items())
        self._unsent.append(Award(case_id, robot))
        return Outcome(robot, distance_m)

    def withdraw(self, case_id: str) -> None:
        """Forget an offer; who answers it gets nothing."""
        self._out.pop(case_id, None)

    def on_message(self, message: HandOverMessage) -> Offer | None:
        """Take what a robot said, this one's own words with it; return what this robot is awarded with it."""
        if isinstance(message, Offer):
            if message.sender != self._robot:
                self._answer(message)
        elif isinstance(message, Answer):
            bidding = self._out.get(message.case_id)
            if bidding is not None and message.robot != self._robot:
                bidding.answers[message.robot] = message.distance_m
        else:
            offer = self._answered.pop(message.case_id, None)
            return offer if message.to == self._robot else None
        return None

    def take_unsent(self) -> tuple[HandOverMessage, ...]:
        """Return, once, what must be said to all robots."""
        unsent, self._unsent = tuple(self._unsent), []
        return unsent

    def _answer(self, offer: Offer) -> None:
        distance_m = self._may_take(offer)
        if distance_m is None:
            return
        case_id = offer.case.case_id
        self._answered[case_id] = offer
        if len(self._answered) > _MOST_ANSWERED:
            self._answered.pop(next(iter(self._answered)))
        self._unsent.append(Answer(case_id, self._robot, distance_m))
