"""Where to stand to look at something: places round it at a distance, with nothing between.

Bearings are those of a place as seen from the target, radians in ``map``.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

import cv2
import numpy as np
from numpy.typing import NDArray

from lepatrol.model.errors import PlanningError
from lepatrol.model.geometry import Floats, Pose2, wrap_angle
from lepatrol.planning.bearings import BEARINGS, STEP_RAD, covered_deg, spread
from lepatrol.planning.planner import Planner
from lepatrol.planning.sight import segments_clear

IsFit = Callable[[float, float], bool]
"""Tells whether a robot ought to stand at a place of ``map``."""
_STEP_M = 0.5
_BEFORE_TARGET_M = 0.3
"""A line of sight ends so far before the target: what it leans on may fill the cells next to it."""
_ROUND_M = 12.0
"""The way from one viewpoint to the next goes no farther beyond where viewpoints may lie than this."""


class Obstacle(Enum):
    """Why a target cannot be looked at from somewhere; its value says so in words."""

    BEYOND_MAP = 'the map ends there'
    HIDDEN = 'a wall hides it'
    NO_ROOM = 'no room to stand'
    KEEP_OUT = 'keep-out zone'
    NO_WAY = 'no way there'


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be looked at, as a disc in ``map`` that it lies in."""

    x_m: float
    y_m: float
    radius_m: float = 0.0


@dataclass(frozen=True, slots=True)
class StandOff:
    """How far from a target's outline the robot's middle is to be.

    ``radius_m`` is never undercut, neither by a viewpoint nor by the ways there that are looked for. Viewpoints lie
    ``margin_m`` farther, for what pose and driving may err by; where that is closed, up to ``farthest_m``.

    :raises PlanningError: for distances that contradict each other, on creation.
    """

    radius_m: float = 5.0
    farthest_m: float = 8.0
    margin_m: float = 0.4

    def __post_init__(self) -> None:
        """Check the distances against each other."""
        if not 0.0 < self.radius_m <= self.radius_m + self.margin_m <= self.farthest_m < math.inf:
            raise PlanningError(
                f'stand-off of {self.radius_m:g} m with a margin of {self.margin_m:g} m up to {self.farthest_m:g} m: '
                'expected a radius above 0 and, with the margin, no more than the farthest distance')


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """Where the robot's middle stands to look at a target, turned to it; ``bearing_rad`` is from the target to it."""

    x_m: float
    y_m: float
    yaw_rad: float
    bearing_rad: float

    @property
    def pose(self) -> Pose2:
        """Return the place as a pose."""
        return Pose2(self.x_m, self.y_m, self.yaw_rad)


@dataclass(frozen=True, slots=True)
class HiddenBearings:
    """Bearings counter-clockwise from ``start_rad`` to ``end_rad`` from which a target cannot be looked at."""

    start_rad: float
    end_rad: float
    reason: Obstacle

    def __str__(self) -> str:
        """Return it as people read it, in degrees counter-clockwise from x (east)."""
        start, end = (round(math.degrees(angle)) % 360 for angle in (self.start_rad, self.end_rad))
        return f'{start} to {end} deg: {self.reason.value}'


@dataclass(frozen=True, slots=True)
class ViewPlan:
    """Viewpoints in walking order, and what can be seen of a target from them.

    ``coverage_deg`` is how much of the outline, by the direction that its sides face, is seen: a viewpoint sees the
    sides that face it within ``bearings.SEEN_TO_SIDE_RAD``. ``hidden`` are the bearings without a place to look from.
    """

    target: Target
    viewpoints: tuple[Viewpoint, ...]
    coverage_deg: float
    hidden: tuple[HiddenBearings, ...]


def plan_views(
    planner: Planner, robot: Pose2, target: Target, stand_off: StandOff, *, most: int = 8, beside: Target | None = None,
) -> ViewPlan:
    """Return up to ``most`` viewpoints round a target that the robot can get to with nothing between.

    They are spread evenly as far as the place allows. A way there keeps the stand-off, too, from the target and from
    ``beside``, if there is something else to keep away from; only a robot that is nearer already may first leave by
    the shortest way. An empty plan says in ``hidden`` why.

    :raises PlanningError: if the target or the robot is outside the map, or ``most`` is less than 1.
    """
    if most < 1:
        raise PlanningError(f'{most} viewpoints: expected 1 or more')
    round_target = _Round(planner, robot, target, stand_off, beside)
    free = {number: place for number, place in round_target.nearest_places() if isinstance(place, tuple)}
    chosen = spread(sorted(free), most)
    viewpoints = round_target.in_walking_order([round_target.viewpoint(free[number]) for number in chosen])
    return ViewPlan(target, tuple(viewpoints), coverage_deg(viewpoints), tuple(_hidden(round_target)))


def coverage_deg(viewpoints: Sequence[Viewpoint]) -> float:
    """Return how much of a target's outline is seen from those viewpoints that were got to; see ``ViewPlan``."""
    return covered_deg(each.bearing_rad for each in viewpoints)


def viewpoint_towards(
    planner: Planner, robot: Pose2, target: Target, stand_off: StandOff, *, is_fit: IsFit | None = None,
) -> Viewpoint:
    """Return the place nearest to the robot to look at a target from; its own where that will do.

    ``is_fit`` tells of a place where the robot could stand whether it ought to; None means that it ought to anywhere.

    :raises PlanningError: if there is none, with the reasons; or if the target or the robot is outside the map.
    """
    round_target = _Round(planner, robot, target, stand_off, None)
    own_m = math.hypot(robot.x_m - target.x_m, robot.y_m - target.y_m) - target.radius_m
    own = [np.array([(robot.x_m, robot.y_m)])] if stand_off.radius_m <= own_m <= stand_off.farthest_m else []
    for some in (*own, round_target.places):
        open_ones = some[round_target.obstacles(some) == _OPEN]
        if len(open_ones):
            away = np.hypot(open_ones[:, 0] - robot.x_m, open_ones[:, 1] - robot.y_m)
            for x, y in open_ones[np.argsort(away, kind='stable')].tolist():
                if is_fit is None or is_fit(x, y):
                    return round_target.viewpoint((x, y))
    reasons = dict.fromkeys(hidden.reason.value for hidden in _hidden(round_target))
    if any(isinstance(place, tuple) for _, place in round_target.nearest_places()):
        reasons['no place to wait at'] = None
    raise PlanningError(
        f'({target.x_m:.2f}, {target.y_m:.2f}) cannot be looked at from {stand_off.radius_m:g} to '
        f'{stand_off.farthest_m:g} m away: {", ".join(reasons)}')


_OPEN = -1
_OBSTACLES = tuple(Obstacle)


class _Round:
    """The places round one target, and what is wrong with each.

    ``places`` has shape (bearings, distances, 2).
    """

    def __init__(
        self, planner: Planner, robot: Pose2, target: Target, stand_off: StandOff, beside: Target | None,
    ) -> None:
        self._grid = planner.grid
        self._tight = self._grid.distance_m < planner.room_m
        self._robot, self._target, self._stand_off = robot, target, stand_off
        self._cell(target.x_m, target.y_m, 'target')
        self._lethal = self._grid.lethal.copy()
        for each in (target,) if beside is None else (target, beside):
            self._close(each)
        _, self._regions = cv2.connectedComponents((~self._lethal).astype(np.uint8), connectivity=4)
        self._own = self._region_of(robot)
        angles = np.arange(BEARINGS) * STEP_RAD
        near_m = target.radius_m + stand_off.radius_m + stand_off.margin_m
        spans = near_m + np.arange(0.0, stand_off.farthest_m - stand_off.radius_m - stand_off.margin_m + 1e-9, _STEP_M)
        directions = np.stack([np.cos(angles), np.sin(angles)], axis=1)
        self.places: Floats = directions[:, None] * spans[:, None] + (target.x_m, target.y_m)
        self._keep_to_one_side(planner)

    def obstacles(self, places: Floats) -> NDArray[np.int64]:
        """Return for each place (..., 2) the number of what is wrong with it, ``_OPEN`` for nothing."""
        flat = places.reshape(-1, 2)
        exact = self._grid.to_cells(flat)
        cells = np.floor(exact).astype(np.int64)
        rows, columns = self._lethal.shape
        inside = np.asarray(((cells >= 0) & (cells < (columns, rows))).all(axis=1))
        cells[~inside] = 0
        column, row = cells.T
        conditions = (
            ~inside, ~self._in_sight(flat) & ~self._grid.solid[row, column],
            # A place on the border of cells is in all of them, as for whoever plans the way there.
            ~segments_clear(self._tight, exact, exact), ~segments_clear(self._lethal, exact, exact),
            self._regions[row, column] != self._own)
        found = np.full(len(flat), _OPEN)
        for number in reversed(range(len(_OBSTACLES))):
            found[conditions[number]] = number
        return found.reshape(places.shape[:-1])

    def nearest_places(self) -> Iterator[tuple[int, tuple[float, float] | Obstacle]]:
        """Yield each bearing's number with its nearest good place, or with what is wrong with the nearest one."""
        for number, (places, found) in enumerate(zip(self.places, self.obstacles(self.places), strict=True)):
            if (found == _OPEN).any():
                x, y = places[int((found == _OPEN).argmax())].tolist()
                yield number, (x, y)
            else:
                yield number, _OBSTACLES[int(found[0])]

    def viewpoint(self, place: tuple[float, float]) -> Viewpoint:
        """Return a place as a viewpoint."""
        bearing = math.atan2(place[1] - self._target.y_m, place[0] - self._target.x_m)
        return Viewpoint(*place, wrap_angle(bearing + math.pi), bearing)

    def in_walking_order(self, viewpoints: Sequence[Viewpoint]) -> list[Viewpoint]:
        """Return viewpoints, given by bearing, in the order round the target that is walked soonest from the robot."""
        count = len(viewpoints)
        orders = [
            [viewpoints[(start + way * step) % count] for step in range(count)]
            for start in range(count) for way in (1, -1)]
        return min(orders, key=self._length_m, default=[])

    def _length_m(self, order: Sequence[Viewpoint]) -> float:
        first = math.hypot(order[0].x_m - self._robot.x_m, order[0].y_m - self._robot.y_m)
        return first + sum(self._between_m(one, other) for one, other in itertools.pairwise(order))

    def _between_m(self, one: Viewpoint, other: Viewpoint) -> float:
        """Return about how far it is from one viewpoint to another: by the shorter free arc, else all the way round."""
        away_m = max(math.hypot(each.x_m - self._target.x_m, each.y_m - self._target.y_m) for each in (one, other))
        short = wrap_angle(other.bearing_rad - one.bearing_rad)
        for turn in (short, short - math.copysign(2.0 * math.pi, short)):
            angles = one.bearing_rad + np.linspace(0.0, turn, max(2, round(abs(turn) / STEP_RAD)))
            cells = np.floor(self._grid.to_cells(
                away_m * np.stack([np.cos(angles), np.sin(angles)], axis=1) + (self._target.x_m, self._target.y_m)))
            column, row = cells.astype(np.int64).T
            rows, columns = self._lethal.shape
            inside = (column >= 0) & (row >= 0) & (column < columns) & (row < rows)
            if inside.all() and not self._lethal[row, column].any():
                return abs(turn) * away_m
        return 2.0 * math.pi * away_m

    def _in_sight(self, places: Floats) -> NDArray[np.bool_]:
        """Tell for each place (n, 2) whether nothing stands before the target's middle or either of its edges."""
        middle = np.array([self._target.x_m, self._target.y_m])
        away = places - middle
        length = np.maximum(np.hypot(away[:, 0], away[:, 1]), 1e-9)[:, None]
        towards = away / length
        aside = np.stack([-towards[:, 1], towards[:, 0]], axis=1)
        before_m = np.minimum(self._target.radius_m + _BEFORE_TARGET_M, length)
        starts = self._grid.to_cells(places)
        clear = np.ones(len(places), dtype=np.bool_)
        for share in (0.0, -1.0, 1.0):
            ends = middle + before_m * towards + share * self._target.radius_m * aside
            clear &= segments_clear(self._grid.solid, starts, self._grid.to_cells(ends))
        return clear

    def _close(self, target: Target) -> None:
        """Make the ground nearer to a target than the stand-off forbidden."""
        radius = (target.radius_m + self._stand_off.radius_m) / self._grid.resolution_m
        column, row = self._grid.to_cells(np.array([target.x_m, target.y_m])).tolist()
        left, low = (max(0, math.floor(middle - radius)) for middle in (column, row))
        right, high = (max(0, math.ceil(middle + radius)) for middle in (column, row))
        part = self._lethal[low:high, left:right]
        rows, columns = np.ogrid[low:low + part.shape[0], left:left + part.shape[1]]
        part |= (columns + 0.5 - column)**2 + (rows + 0.5 - row)**2 < radius**2

    def _keep_to_one_side(self, planner: Planner) -> None:
        """Have only those places count as reachable that are got to from one another without going far round.

        On a border the other side of the fence has a way there, too: round the fence's end.
        """
        reach_m = self._target.radius_m + self._stand_off.farthest_m + _ROUND_M
        low, high = self._grid.span(self._grid.to_cells(np.array([(self._target.x_m, self._target.y_m)])), reach_m)
        near_by = (slice(low[1], high[1]), slice(low[0], high[0]))
        own = (self._regions[near_by] == self._own).astype(np.uint8)
        sides: NDArray[np.int32] = np.zeros(self._regions.shape, dtype=np.int32)
        sides[near_by] = cv2.connectedComponents(own, connectivity=4)[1]
        open_ones = self.places[self.obstacles(self.places) == _OPEN]
        if len(open_ones):
            column, row = np.floor(self._grid.to_cells(open_ones)).astype(np.int64).T
            self._own = self._side(planner, sides[near_by], low, open_ones, sides[row, column])
            self._regions = sides

    def _side(
        self, planner: Planner, sides: NDArray[np.int32], low: NDArray[np.int64], places: Floats,
        side_of: NDArray[np.int32],
    ) -> int:
        """Return the side of the places (n, 2) that the robot is on, else the one that it gets to soonest."""
        numbers = np.unique(side_of)
        column, row = (self._grid.to_cells(np.array([self._robot.x_m, self._robot.y_m])) - low).tolist()
        if 0 <= column < sides.shape[1] and 0 <= row < sides.shape[0]:
            rows, columns = np.nonzero(np.isin(sides, numbers))
            nearest = int(np.hypot(columns + 0.5 - column, rows + 0.5 - row).argmin())
            return int(sides[rows[nearest], columns[nearest]])
        if len(numbers) == 1:
            return int(numbers[0])
        return min((int(number) for number in numbers),
                   key=lambda number: self._way_m(planner, places[side_of == number]))

    def _way_m(self, planner: Planner, places: Floats) -> float:
        """Return how far the robot has to go to the nearest of some places, inf if there is no way."""
        away = np.hypot(places[:, 0] - self._robot.x_m, places[:, 1] - self._robot.y_m)
        x, y = places[int(away.argmin())].tolist()
        try:
            path = planner.plan(self._robot, (x, y))
        except PlanningError:
            return math.inf
        return float(np.hypot(*np.diff(path, axis=0).T).sum())

    def _region_of(self, robot: Pose2) -> int:
        """Return the free region that the robot is in, or the nearest one if it has to leave forbidden ground first."""
        column, row = self._cell(robot.x_m, robot.y_m, 'robot')
        if self._regions[row, column] > 0:
            return int(self._regions[row, column])
        free = np.argwhere(self._regions > 0)
        if not len(free):
            return 0
        nearest = free[int(((free - (row, column))**2).sum(axis=1).argmin())]
        return int(self._regions[nearest[0], nearest[1]])

    def _cell(self, x_m: float, y_m: float, name: str) -> tuple[int, int]:
        """Return column and row of a point, refusing one outside the map."""
        if math.isfinite(x_m) and math.isfinite(y_m):
            column, row = np.floor(self._grid.to_cells(np.array([x_m, y_m]))).astype(int).tolist()
            if self._grid.holds(column, row):
                return column, row
        raise PlanningError(f'{name} ({x_m:.2f}, {y_m:.2f}): is outside the map')


def _hidden(round_target: _Round) -> list[HiddenBearings]:
    """Return the stretches of bearings that have no place to look from, one for each reason in a row."""
    reasons = [place if isinstance(place, Obstacle) else None for _, place in round_target.nearest_places()]
    if len(set(reasons)) == 1:
        return [] if reasons[0] is None else [HiddenBearings(0.0, 2.0 * math.pi, reasons[0])]
    first = next(number for number in range(BEARINGS) if reasons[number] is not reasons[number - 1])
    turned = [((first + step) % BEARINGS, reasons[(first + step) % BEARINGS]) for step in range(BEARINGS)]
    stretches: list[HiddenBearings] = []
    for reason, group in itertools.groupby(turned, key=lambda each: each[1]):
        numbers = [number for number, _ in group]
        if reason is not None:
            start, end = numbers[0] * STEP_RAD, numbers[-1] * STEP_RAD
            stretches.append(HiddenBearings(start, end, reason))
    return stretches


__all__ = [
    'HiddenBearings', 'IsFit', 'Obstacle', 'StandOff', 'Target', 'ViewPlan', 'Viewpoint', 'coverage_deg', 'plan_views',
    'viewpoint_towards']
