"""The one shape all rules have."""

from __future__ import annotations

from abc import ABC, abstractmethod

from lepatrol.model.alerts import Claim
from lepatrol.perception.situation import Situation


class Rule(ABC):
    """Watches for one kind of thing that ought not to be.

    ``judge`` is called once for each situation, in order of time. It debounces itself: what it returns is a claim,
    not a flicker. It goes on claiming as long as what it claims goes on; the alert book makes one alert of that.
    """

    name: str
    """What the rule is called in alerts and settings."""

    @abstractmethod
    def judge(self, situation: Situation) -> list[Claim]:
        """Return what there is to say of this situation, mostly nothing."""

    @abstractmethod
    def reset(self) -> None:
        """Forget what was seen; called when time ran backwards."""
