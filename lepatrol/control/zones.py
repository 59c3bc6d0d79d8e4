"""Slow zones: the speed limit at a point."""

from __future__ import annotations

import math
from collections.abc import Sequence

from lepatrol.model.zones import Zone, ZoneKind, is_inside


class SpeedLimits:
    """The slow zones of a site, asked in plain arithmetic for the control loop."""

    def __init__(self, zones: Sequence[Zone]) -> None:
        """Keep the slow zones; others are left out."""
        self._zones = [
            (min(x for x, _ in zone.polygon), max(x for x, _ in zone.polygon),
             min(y for _, y in zone.polygon), max(y for _, y in zone.polygon), zone.polygon, zone.speed_limit_m_s)
            for zone in zones if zone.kind is ZoneKind.SLOW and zone.speed_limit_m_s is not None]

    def at(self, x_m: float, y_m: float) -> float:
        """Return the lowest limit that holds at a point, ``inf`` for none."""
        limit = math.inf
        for west, east, south, north, polygon, speed in self._zones:
            if west <= x_m <= east and south <= y_m <= north and speed < limit and is_inside(polygon, x_m, y_m):
                limit = speed
        return limit
