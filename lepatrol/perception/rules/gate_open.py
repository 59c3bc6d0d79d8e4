"""A gate that was left open."""

from __future__ import annotations

from lepatrol.model.alerts import AlertKind, Claim, Severity
from lepatrol.model.site import StructureKind
from lepatrol.model.site_clock import as_clock
from lepatrol.perception.rules.ground import Ground, in_hours
from lepatrol.perception.rules.openings import Openings
from lepatrol.perception.rules.rule import Rule
from lepatrol.perception.rules.words import named
from lepatrol.perception.situation import Situation
from lepatrol.settings.rules import GateOpenSettings

_DEVIATION_M = 0.3


class GateOpen(Rule):
    """A lidar, or a camera from above, sees through a gate at a time when it ought to be shut.

    A gate without hours ought always to be shut. In its hours nothing is said, and nothing is remembered.
    """

    name = 'gate_open'

    def __init__(self, ground: Ground, settings: GateOpenSettings) -> None:
        """Watch the site's gates."""
        self._ground = ground
        self._settings = settings
        gates = [part for part in ground.structures.values() if part.kind is StructureKind.GATE]
        self._openings = Openings(gates, settings)

    def reset(self) -> None:
        """Forget every open gate."""
        self._openings.clear()

    def judge(self, situation: Situation) -> list[Claim]:
        """Return a claim for each gate that is seen open outside its hours."""
        if not situation.gaps and not situation.seen_standing:
            return []
        minute = situation.minute_of_day
        structures = self._ground.structures
        gaps = [gap for gap in situation.gaps if gap.structure in structures and not (
            structures[gap.structure].open_hours and in_hours(structures[gap.structure].open_hours, minute))]
        claims = []
        for opening in self._openings.add(gaps, situation.seen_standing):
            gate = opening.structure
            hours = ', '.join(map(str, gate.open_hours))
            rule = f'it may be open {hours} only' if hours else 'it may never be open'
            claims.append(Claim(
                opening.stamp_s, self.name, AlertKind.GATE_OPEN, gate.name, Severity.CRITICAL,
                min(0.6 + 0.05 * opening.looks, 0.99),
                f'{named(gate)} stood open by {opening.width_m:.1f} m at {as_clock(minute)}, seen in {opening.looks} '
                f'looks; {rule}, and the limit is {self._settings.min_width_m:g} m in {self._settings.min_looks} looks',
                opening.middle_m, _DEVIATION_M, self._ground.at(opening.middle_m).zone_name))
        return claims
