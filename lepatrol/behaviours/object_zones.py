"""The zones round an object that robots keep out of: while it is inspected, and afterwards, by what it is taken for."""

from __future__ import annotations

import math

from lepatrol.behaviours.own_zones import OwnZones
from lepatrol.model.errors import CommandError
from lepatrol.model.inspection import ObjectEstimate
from lepatrol.model.zones import Zone, ZoneKind
from lepatrol.planning.viewpoints import Target

_CORNERS = 24
_LEAST_M = 0.1


class ObjectZones:
    """Put and lift them, by the id of the object's case."""

    def __init__(self, zones: OwnZones, *, keep_off_m: float) -> None:
        """Keep everybody ``keep_off_m`` off what is suspicious."""
        self._zones = zones
        self._keep_off_m = keep_off_m

    def close_ring(self, case_id: str, target: Target, apart_m: float) -> None:
        """Close the ground round an object, so far from its outline, while it is inspected.

        :raises CommandError: if there are too many zones.
        """
        self._zones.put(_zone(f'inspection_{case_id}', target, apart_m), f'{case_id} is being inspected')

    def open_ring(self, case_id: str) -> None:
        """Let robots into the ring again."""
        self._zones.lift(f'inspection_{case_id}')

    def keep_off(self, case_id: str, estimate: ObjectEstimate | None, why: str) -> str:
        """Have everybody keep off the object until somebody lifts that; say what there is to say to it."""
        return self._put(f'suspicious_{case_id}', estimate, self._keep_off_m, f'{case_id}: {why}')

    def keep_clear(self, case_id: str, estimate: ObjectEstimate | None, apart_m: float) -> str:
        """Have no robot run into the object, which may be lower than their lidars look, until somebody lifts that."""
        return self._put(f'object_{case_id}', estimate, apart_m, f'{case_id}: an object stands there')

    def let_near(self, case_id: str) -> bool:
        """Let robots near the object again; tell whether they were kept off as off something suspicious."""
        self._zones.lift(f'object_{case_id}')
        return self._zones.lift(f'suspicious_{case_id}')

    def _put(self, name: str, estimate: ObjectEstimate | None, apart_m: float, why: str) -> str:
        if estimate is None:
            return ''
        try:
            self._zones.put(_zone(name, Target(*estimate.position_m, estimate.radius_m), apart_m), why)
        except CommandError as error:
            return f'; no keep-out zone: {error}'
        return ''


def _zone(name: str, target: Target, apart_m: float) -> Zone:
    radius_m = target.radius_m + max(apart_m, _LEAST_M)
    angles = (2.0 * math.pi * step / _CORNERS for step in range(_CORNERS))
    return Zone(name, ZoneKind.KEEP_OUT, tuple(
        (target.x_m + radius_m * math.cos(angle), target.y_m + radius_m * math.sin(angle)) for angle in angles))
