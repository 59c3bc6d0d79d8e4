"""A hole in the fence."""

from __future__ import annotations

from lepatrol.model.alerts import AlertKind, Claim, Severity
from lepatrol.model.site import StructureKind
from lepatrol.perception.rules.ground import Ground
from lepatrol.perception.rules.openings import Openings
from lepatrol.perception.rules.rule import Rule
from lepatrol.perception.rules.words import named
from lepatrol.perception.situation import Situation
from lepatrol.settings.rules import FenceBreachSettings

_DEVIATION_M = 0.2


class FenceBreach(Rule):
    """A lidar, or a camera from above, sees through a fence panel, wide enough for somebody to pass, in several looks.

    What several looks see is put together, so that the width told is that of the hole, not of the part of it that one
    look's beams fell into.
    """

    name = 'fence_breach'

    def __init__(self, ground: Ground, settings: FenceBreachSettings) -> None:
        """Watch the site's fence panels."""
        self._ground = ground
        self._settings = settings
        panels = [part for part in ground.structures.values() if part.kind is StructureKind.FENCE]
        self._openings = Openings(panels, settings)

    def reset(self) -> None:
        """Forget every hole."""
        self._openings.clear()

    def judge(self, situation: Situation) -> list[Claim]:
        """Return a claim for each hole that is seen now."""
        if not situation.gaps and not situation.seen_standing:
            return []
        return [Claim(
            opening.stamp_s, self.name, AlertKind.FENCE_BREACH, opening.structure.name, Severity.CRITICAL,
            min(0.6 + 0.05 * opening.looks, 0.99),
            f'{named(opening.structure)} has a hole {opening.width_m:.1f} m wide, seen through to '
            f'{opening.depth_m:.1f} m behind it in {opening.looks} looks; the limit is {self._settings.min_width_m:g} '
            f'm in {self._settings.min_looks} looks',
            opening.middle_m, _DEVIATION_M, self._ground.at(opening.middle_m).zone_name)
            for opening in self._openings.add(situation.gaps, situation.seen_standing)]
