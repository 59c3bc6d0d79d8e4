"""Who has the robot: of all that want it, the most urgent, and each change of it with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lepatrol.model.behaviour import BehaviourChange, BehaviourKind

_NOTHING = 'nothing is left to do'


@dataclass(frozen=True, slots=True)
class Claim:
    """Somebody wants the robot: ``name`` tells claimants apart, ``reason`` says why in words."""

    kind: BehaviourKind
    name: str
    reason: str


class Arbiter:
    """Choose among claims.

    The most urgent kind wins. Within a kind whoever has the robot keeps it, else the first of the claims wins, so that
    their order is that of the queue.
    """

    def __init__(self) -> None:
        """Give the robot to nobody."""
        self.holder: Claim | None = None
        """Who has the robot."""
        self.change: BehaviourChange | None = None
        """The latest change; of what has the robot, not of its words."""

    def choose(self, claims: Sequence[Claim], now_s: float) -> bool:
        """Give the robot to the most urgent of the claims, or to nobody; tell whether the holder is another now."""
        before = self.holder
        best = min(claims, key=lambda claim: (claim.kind.rank, not _is_same(claim, before)), default=None)
        self.holder = best
        if _is_same(best, before):
            return False
        self.change = BehaviourChange(
            now_s, before.kind if before else None, best.kind if best else None, best.reason if best else _NOTHING)
        return True


def _is_same(one: Claim | None, other: Claim | None) -> bool:
    if one is None or other is None:
        return one is other
    return (one.kind, one.name) == (other.kind, other.name)
