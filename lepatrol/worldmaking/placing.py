"""What stands and who walks in a generated world, and how that is written in SDFormat."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

Point = tuple[float, float]
_PIECE_M = 8.0
"""A walker's height is that of the ground at least this often."""
_TURN_RAD_S = 2.0


@dataclass(frozen=True, slots=True)
class Placed:
    """A model that stands in the world: ``x_m``, ``y_m``, ``z_m`` of its origin, turned by ``yaw_rad``."""

    name: str
    model: str
    x_m: float
    y_m: float
    z_m: float = 0.0
    yaw_rad: float = 0.0

    def sdf(self) -> str:
        """Return the include."""
        pose = f'{number(self.x_m)} {number(self.y_m)} {number(self.z_m)} 0 0 {round(self.yaw_rad, 4):g}'
        return (f'    <include><name>{self.name}</name><uri>model://{self.model}</uri>'
                f'<pose>{pose}</pose></include>\n')


@dataclass(frozen=True, slots=True)
class Walker:
    """Somebody who walks along ``points_m`` and back to the first, again and again; ``body`` is a link."""

    name: str
    about: str
    body: str
    points_m: tuple[Point, ...]
    speed_m_s: float
    delay_s: float = 0.0

    def sdf(self, height_m: Callable[[float, float], float]) -> str:
        """Return the actor, on ground of this height."""
        stops = ''.join(
            f'          <waypoint><time>{time:.2f}</time>'
            f'<pose>{number(x)} {number(y)} {number(height_m(x, y))} 0 0 {yaw:.4f}</pose></waypoint>\n'
            for time, x, y, yaw in self._stops())
        return f"""\
    <actor name="{self.name}">
      <!-- {self.about} -->
{self.body}      <script>
        <loop>true</loop>
        <delay_start>{self.delay_s:g}</delay_start>
        <auto_start>true</auto_start>
        <trajectory id="0" type="walk">
{stops}        </trajectory>
      </script>
    </actor>
"""

    def _stops(self) -> list[tuple[float, float, float, float]]:
        """Return time, place and heading at every point, before and after each turn; headings wind on."""
        way = _in_pieces((*self.points_m, self.points_m[0]))
        legs = list(pairwise(way))
        headings = [math.atan2(end[1] - start[1], end[0] - start[0]) for start, end in legs]
        yaw, time = headings[0], 0.0
        stops = [(time, *way[0], yaw)]
        for (start, end), towards in zip(legs, (*headings[1:], headings[0]), strict=True):
            time += math.dist(start, end) / self.speed_m_s
            stops.append((time, *end, yaw))
            turn = math.remainder(towards - yaw, 2.0 * math.pi)
            if abs(turn) > 1e-6:
                time += max(abs(turn) / _TURN_RAD_S, 0.05)
                yaw += turn
                stops.append((time, *end, yaw))
        return stops


def number(value: float) -> str:
    """Write metres to the millimetre, without needless zeros."""
    return f'{round(value, 3) + 0.0:.3f}'.rstrip('0').rstrip('.')


def _in_pieces(points: Sequence[Point]) -> list[Point]:
    way = [points[0]]
    for (x0, y0), (x1, y1) in pairwise(points):
        count = max(1, math.ceil(math.dist((x0, y0), (x1, y1)) / _PIECE_M))
        way += [(x0 + (x1 - x0) * i / count, y0 + (y1 - y0) * i / count) for i in range(1, count + 1)]
    return way
