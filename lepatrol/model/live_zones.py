"""Zones that come up and are lifted while robots drive, and how what several robots know of them is put together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from .zones import Zone, ZoneKind

LIVE_KINDS = (ZoneKind.KEEP_OUT, ZoneKind.SLOW)
"""The kinds that can come up: the others say what is expected, and are for the site file."""
LONGEST_NAME = 64
LONGEST_REASON = 300
MOST_CORNERS = 100
MOST_IN_FORCE = 100
MOST_KNOWN = 1000
"""So many names are known at once, those of lifted zones with them."""
_NEXT_S = 1e-3


@dataclass(frozen=True, slots=True)
class LiveZone:
    """A zone as it was put, or lifted, at ``stamp_s`` by somebody, and why in words."""

    zone: Zone
    stamp_s: float
    by: str
    reason: str = ''
    lifted: bool = False

    @property
    def name(self) -> str:
        """Return the zone's name, by which it is known everywhere."""
        return self.zone.name

    @property
    def _rank(self) -> tuple[float, bool, str]:
        """Order what is said of one name: the latest counts; of two at once, the same one everywhere."""
        return self.stamp_s, self.lifted, repr(self)

    def overrides(self, other: LiveZone) -> bool:
        """Tell whether this is what counts of the two."""
        return self._rank > other._rank


@dataclass(frozen=True, slots=True)
class LiveZones:
    """The last that is known of every zone that ever came up, by name; lifted ones are remembered, too.

    Putting two of them together is commutative, associative and idempotent, so that robots which hear of each other in
    any order, and more than once, come to know the same.
    """

    known: Mapping[str, LiveZone] = field(default_factory=dict)

    @staticmethod
    def of(zones: Iterable[LiveZone]) -> LiveZones:
        """Return what is known from these; of one name the last counts."""
        known: dict[str, LiveZone] = {}
        for each in zones:
            if each.name not in known or each.overrides(known[each.name]):
                known[each.name] = each
        return LiveZones(dict(sorted(known.items())))

    def merged(self, other: LiveZones) -> LiveZones:
        """Return what is known by both together."""
        return LiveZones.of((*self.known.values(), *other.known.values()))

    def stamped(self, name: str, now_s: float) -> float:
        """Return the time by which what is said of a name now is later than all that was: clocks may begin anew."""
        last = self.known.get(name)
        return now_s if last is None else max(now_s, last.stamp_s + _NEXT_S)

    @property
    def in_force(self) -> tuple[Zone, ...]:
        """Return the zones that hold now, by name."""
        return tuple(each.zone for each in self.known.values() if not each.lifted)

    def without_oldest_lifted(self, most: int) -> LiveZones:
        """Return at most so many: the zones that were lifted longest ago are forgotten first, none that holds is."""
        lifted = sorted((each for each in self.known.values() if each.lifted), key=lambda each: each.stamp_s)
        spare = {each.name for each in lifted[:max(len(self.known) - most, 0)]}
        return LiveZones({name: each for name, each in self.known.items() if name not in spare})
