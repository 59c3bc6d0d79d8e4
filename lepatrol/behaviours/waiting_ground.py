"""Where a robot may stand and wait without being in anybody's way, or looking where it must not be."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lepatrol.model.site import Point2, Site, StructureKind, Zone, ZoneKind
from lepatrol.model.zones import to_edge_m

_NOT_IN = (ZoneKind.KEEP_OUT, ZoneKind.PRIVACY, ZoneKind.SLOW)
"""Slow zones are where others cross or come through doors."""


class WaitingGround:
    """Tells where to wait on a site: in no zone of the kinds above, and not before a gate."""

    def __init__(
        self, site: Site, live: Callable[[], Sequence[Zone]], *, body_radius_m: float, gate_m: float,
    ) -> None:
        """Keep a robot of this size off the site's zones, off those that ``live`` returns, and ``gate_m`` off gates."""
        self._zones = tuple(zone for zone in site.zones if zone.kind in _NOT_IN)
        self._gates: tuple[tuple[Point2, Point2], ...] = tuple(
            (each.start, each.end) for each in site.structures if each.kind is StructureKind.GATE)
        self._live = live
        self._radius_m = body_radius_m
        self._gate_m = gate_m

    def is_fit(self, x_m: float, y_m: float) -> bool:
        """Tell whether the robot's middle may stay at a place."""
        live = (zone for zone in self._live() if zone.kind in _NOT_IN)
        return (all(zone.distance_m(x_m, y_m) >= self._radius_m for zone in (*self._zones, *live))
                and all(to_edge_m(gate, x_m, y_m) >= self._gate_m for gate in self._gates))
