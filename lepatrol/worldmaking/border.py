"""The plan of a border: where everything is, drawn from a length and a seed.

x is east, along the fence, y is north; the fence stands on y = 0. The guarded country is south of it. Along the fence
lies a level strip with two patrol lanes; beyond it the land is uneven. One road crosses, with booths and barriers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from lepatrol.model.errors import LepatrolError
from lepatrol.worldmaking import figures
from lepatrol.worldmaking.chance import Dice
from lepatrol.worldmaking.placing import Placed, Point, Walker
from lepatrol.worldmaking.terrain import TILE_M, Ground, Land

SHIPPED_LENGTH_M, SHIPPED_SEED = 1000, 1
SHORTEST_M, LONGEST_M = 600, 10_000
BAY_M = 5.0
LANE_M = 5.0
ROAD_HALF_M = 12.0
NEAR_LANE_M, FAR_LANE_M = -6.0, -12.0
"""Where the patrol's lanes are: out along the fence, and back."""
HOME_M = (-40.0, -15.0)
"""Where the patrol starts, from the road's middle."""
_LANES_HALF_M = 2.0 * LANE_M
_STRIP_PIECE_M = 100.0
_JACKETS = ('0.55 0.13 0.13', '0.16 0.24 0.45', '0.85 0.55 0.12', '0.35 0.35 0.38', '0.72 0.68 0.58')
_TROUSERS = ('0.12 0.13 0.2', '0.25 0.22 0.18', '0.2 0.28 0.42')
_SKINS = ('0.87 0.68 0.56', '0.62 0.43 0.32', '0.38 0.25 0.18')
_UNIFORM = ('0.1 0.14 0.3', '0.08 0.08 0.1')
_COATS = ('0.45 0.3 0.18', '0.5 0.36 0.22', '0.38 0.27 0.18')
_VEHICLES = (('car', 4.4), ('car_red', 4.4), ('car_silver', 4.4), ('van', 5.0), ('lorry', 12.0))
_QUEUE_END_M = 86.0
_TREES_PER_KM, _SCRUB_PER_KM = 34, 44
_LEAST_APART_M = 5.0


@dataclass(frozen=True)
class Border:
    """A border of a length, with everything that a seed decides.

    :raises LepatrolError: for a length that is no multiple of 200 m from 600 m to 10 km.
    """

    length_m: int = SHIPPED_LENGTH_M
    seed: int = SHIPPED_SEED

    def __post_init__(self) -> None:
        """Check the length."""
        if self.length_m % TILE_M or not SHORTEST_M <= self.length_m <= LONGEST_M:
            raise LepatrolError(f'a border of {self.length_m} m cannot be made: the length is a multiple of '
                                f'{TILE_M:g} m from {SHORTEST_M} to {LONGEST_M} m')

    @property
    def is_shipped(self) -> bool:
        """Tell whether this is the border that comes with lepatrol."""
        return (self.length_m, self.seed) == (SHIPPED_LENGTH_M, SHIPPED_SEED)

    @property
    def name(self) -> str:
        """Return the name of world and site."""
        return 'border' if self.is_shipped else f'border_{self.length_m}_{self.seed}'

    @property
    def half_m(self) -> float:
        """Return half the length: the world reaches from minus this to this."""
        return self.length_m / 2.0

    @property
    def post_x_m(self) -> list[float]:
        """Return where the posts are that lamps stand at and waypoints are named after: every 100 m."""
        return [-self.half_m + 50.0 + 100.0 * i for i in range(self.length_m // 100)]

    @property
    def _tile_middles(self) -> list[float]:
        return [-self.half_m + TILE_M * (i + 0.5) for i in range(round(self.length_m / TILE_M))]

    @cached_property
    def road_x_m(self) -> float:
        """Return where the road crosses: in the middle of a tile in the middle third of the border."""
        tiles = self._tile_middles
        third = len(tiles) // 3
        return Dice(self.seed).one_of(tiles[third:len(tiles) - third])

    @cached_property
    def service_gate_x_m(self) -> float:
        """Return the middle of the bay, west of the road, with the patrol's own gate."""
        return self.road_x_m - 147.5 + BAY_M * Dice(self.seed + 1).index(9)

    @cached_property
    def tower_x_m(self) -> tuple[float, ...]:
        """Return where the towers are, two for each kilometre, none in the road."""
        dice, count = Dice(self.seed + 2), max(2, self.length_m // 500)
        places = [-self.half_m + self.length_m * (i + 0.5) / count + dice.between(-20.0, 20.0) for i in range(count)]
        return tuple(x if abs(x - self.road_x_m) > 60.0 else self.road_x_m + math.copysign(60.0, x - self.road_x_m)
                     for x in places)

    @cached_property
    def ground(self) -> Ground:
        """Return the height of the ground."""
        return Ground(self.half_m, self.road_x_m)

    def fence_runs(self) -> list[tuple[str, float, float, int]]:
        """Return the runs of fence: name, ends, and the number of the first bay, which counts gates too."""
        gate, road = self.service_gate_x_m, self.road_x_m
        after_gate = round((gate + BAY_M / 2.0 + self.half_m) / BAY_M) + 1
        return [('fence_west', -self.half_m, gate - BAY_M / 2.0, 1),
                ('fence_west', gate + BAY_M / 2.0, road - _LANES_HALF_M, after_gate),
                ('fence_east', road + _LANES_HALF_M, self.half_m, 1)]

    def land(self) -> list[Placed]:
        """Return tiles of land, the strip and the road."""
        tiles = [
            Placed(f'land_{side}_{i:02d}', Land(side, x == self.road_x_m).model, x, 0.0)
            for side in ('north', 'south') for i, x in enumerate(self._tile_middles, start=1)]
        strip = [Placed(f'strip_{i + 1:02d}', 'border_track', -self.half_m + _STRIP_PIECE_M * (i + 0.5), 0.0)
                 for i in range(round(self.length_m / _STRIP_PIECE_M))]
        return [*tiles, *strip, Placed('road', 'border_road', self.road_x_m, 0.0)]

    def fence(self) -> list[Placed]:
        """Return every bay of fence, and posts where a run ends."""
        bays: list[Placed] = []
        posts: list[Placed] = []
        for name, start, end, first in self.fence_runs():
            count = round((end - start) / BAY_M)
            bays += [Placed(f'{name}_{first + i:02d}', 'border_fence', start + BAY_M * (i + 0.5), 0.0)
                     for i in range(count)]
            posts.append(Placed(f'post_{len(posts) + 1}', 'fence_post', end, 0.0))
        return bays + posts

    def gates(self) -> list[Placed]:
        """Return the shut service gate, and the four leaves of the road, slid open behind the fence on both sides."""
        leaves = [Placed('gate_service', 'border_gate', self.service_gate_x_m, 0.0)]
        aside = _LANES_HALF_M + BAY_M / 2.0 + 0.2
        for lane, (side, layer) in enumerate(((-1, 0.45), (-1, 0.25), (1, 0.25), (1, 0.45)), start=1):
            leaves.append(Placed(f'gate_lane_{lane}', 'border_gate', self.road_x_m + side * aside, layer))
        return leaves

    def crossing(self) -> list[Placed]:
        """Return booths and barriers: inbound north of the fence, outbound south of the ditch."""
        placed = []
        for way, x, y, bar_y in (('inbound', -LANE_M, 12.0, 8.4), ('outbound', LANE_M, -38.0, -35.0)):
            middle = self.road_x_m + x
            placed += [Placed(f'booth_{way}', 'booth', middle, y, 0.15, math.pi / 2.0),
                       Placed(f'barrier_{way}_west', 'barrier', middle - 0.65, bar_y, 0.15, math.pi),
                       Placed(f'barrier_{way}_east', 'barrier', middle + 0.65, bar_y, 0.15)]
        return placed

    def queues(self) -> list[Placed]:
        """Return the vehicles that wait in each lane, the first before its barrier."""
        dice, placed = Dice(self.seed + 3), []
        for lane, x in enumerate((-1.5, -0.5, 0.5, 1.5), start=1):
            north = x < 0.0
            at, yaw = (10.6, -math.pi / 2.0) if north else (37.4, math.pi / 2.0)
            for place in range(1, 5 + dice.index(4)):
                # Lorries keep to the outer lanes.
                model, length = dice.one_of(_VEHICLES if abs(x) > 1.0 else _VEHICLES[:-1])
                if at + length > _QUEUE_END_M:
                    break
                middle = (1.0 if north else -1.0) * (at + length / 2.0)
                across = self.road_x_m + LANE_M * x + dice.between(-0.3, 0.3)
                placed.append(Placed(
                    f'queue_{lane}_{place}', model, across, middle, 0.0, yaw + dice.between(-0.03, 0.03)))
                at += length + dice.between(1.0, 3.5)
        return placed

    def posts(self) -> list[Placed]:
        """Return towers, lamps, and the patrol's shed with a van and crates beside it."""
        towers = [Placed(f'tower_{i}', 'tower', x, -20.0) for i, x in enumerate(self.tower_x_m, start=1)]
        lamps = [Placed(f'lamp_{i:02d}', 'lamp', x, -16.0, 0.0, math.pi / 2.0)
                 for i, x in enumerate(self.post_x_m, start=1)]
        x = self.road_x_m + HOME_M[0]
        shed = [
            Placed('shed', 'booth', x, -21.0), Placed('patrol_van', 'van', x - 8.0, -21.0),
            Placed('crate_1', 'crate', x + 3.0, -21.3, 0.0, 0.1), Placed('crate_2', 'crate', x + 4.2, -21.2, 0.0, -0.2)]
        return [*towers, *lamps, *shed]

    @cached_property
    def walkers(self) -> tuple[Walker, ...]:
        """Return the people on foot and the animals; none comes nearer to the fence than 15 m."""
        dice = Dice(self.seed + 4)
        road = self.road_x_m
        officer = figures.person(*_UNIFORM, _SKINS[0])
        found = [
            Walker('officer_1', 'Goes from lane to lane before the booth.', officer,
                   ((road - 9.0, -32.5), (road + 9.0, -32.5)), 1.1),
            Walker('officer_2', 'Walks up and down in the lanes that lead out.', officer,
                   ((road + 2.5, 22.0), (road + 2.5, 60.0)), 1.2),
            Walker('traveller_1', 'Comes and goes beside the queue, waiting.', self._dressed(dice),
                   ((road + 10.9, -45.0), (road + 10.9, -84.0)), 1.3, 4.0),
            Walker('traveller_2', 'Stretches his legs beside the queue.', self._dressed(dice),
                   ((road - 10.9, 78.0), (road - 10.9, 24.0)), 1.2)]
        for i in range(max(2, self.length_m // 500)):
            x = self._clear_of_road(dice.between(-self.half_m + 10.0, self.half_m - 80.0), 70.0)
            y, side = ((dice.between(17.0, 21.0), 'beyond the fence') if i % 2 == 0 else
                       (dice.between(-62.0, -45.0), 'over the fields'))
            found.append(Walker(f'walker_{i + 1}', f'Walks {side}, and back.', self._dressed(dice),
                                ((x, y), (x + 70.0, y + dice.between(0.0, 4.0))), dice.between(1.0, 1.5)))
        for i in range(self.length_m // 250):
            x = self._clear_of_road(dice.between(-self.half_m + 5.0, self.half_m - 45.0), 40.0)
            y = dice.between(64.0, 74.0) if dice.index(2) else dice.between(-88.0, -76.0)
            found.append(Walker(
                f'deer_{i + 1}', 'A roe deer, grazing its way round.', figures.deer(dice.one_of(_COATS)),
                ((x, y), (x + dice.between(20.0, 40.0), y + dice.between(0.0, 6.0)),
                 (x + dice.between(5.0, 20.0), y + dice.between(8.0, 12.0))), dice.between(0.3, 0.9)))
        return tuple(found)

    def plants(self) -> list[Placed]:
        """Return trees and scrub on the land, clear of the strip, ditch, stream, road and everybody's way."""
        dice = Dice(self.seed + 5)
        wanted = [('tree', _TREES_PER_KM), ('scrub', _SCRUB_PER_KM)]
        places: list[Point] = []
        placed = []
        for model, per_km in wanted:
            for i in range(1, per_km * self.length_m // 1000 + 1):
                x, y = self._open_place(dice, places)
                places.append((x, y))
                lowest = min(self.ground.height_m(x + a, y + b) for a in (-1.5, 0.0, 1.5) for b in (-1.2, 0.0, 1.2))
                placed.append(Placed(f'{model}_{i:03d}', model, x, y, lowest, dice.between(-math.pi, math.pi)))
        return placed

    def _open_place(self, dice: Dice, taken: Sequence[Point]) -> Point:
        while True:
            x = dice.between(-self.half_m + 3.0, self.half_m - 3.0)
            y = dice.one_of((dice.between(8.0, 30.0), dice.between(62.0, 97.0), dice.between(-97.0, -35.0)))
            if abs(x - self.road_x_m) < ROAD_HALF_M + 6.0 or not all(
                    math.dist((x, y), other) > _LEAST_APART_M for other in taken if abs(other[0] - x) < _LEAST_APART_M):
                continue
            if min(_off_way(walker.points_m, (x, y)) for walker in self.walkers) > 4.0:
                return x, y

    def _clear_of_road(self, x_m: float, reach_m: float) -> float:
        """Return a start of a way that reaches this far east, moved so that the way keeps off the road."""
        road = self.road_x_m
        if road - reach_m - 25.0 < x_m < road + 25.0:
            return road + 25.0 if x_m > road - reach_m / 2.0 else road - reach_m - 25.0
        return x_m

    @staticmethod
    def _dressed(dice: Dice) -> str:
        return figures.person(dice.one_of(_JACKETS), dice.one_of(_TROUSERS), dice.one_of(_SKINS))


def _off_way(points: Sequence[Point], place: Point) -> float:
    """Return how far a place is from a closed way."""
    return min(_off_line(start, end, place) for start, end in zip(points, (*points[1:], points[0]), strict=True))


def _off_line(start: Point, end: Point, place: Point) -> float:
    (x0, y0), (x1, y1), (x, y) = start, end, place
    along_x, along_y = x1 - x0, y1 - y0
    share = ((x - x0) * along_x + (y - y0) * along_y) / max(along_x**2 + along_y**2, 1e-9)
    share = min(max(share, 0.0), 1.0)
    return math.hypot(x - x0 - share * along_x, y - y0 - share * along_y)
