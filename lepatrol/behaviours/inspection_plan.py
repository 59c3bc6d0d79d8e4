"""The plan view of an inspection, as a drawing in a page: the object, who looked from where, and what nobody saw."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from html import escape

from lepatrol.model.inspection import ObjectView
from lepatrol.model.inspection_record import HiddenSides, InspectionRecord
from lepatrol.model.site import Point2

_SIZE = 640
_ROOM_M = 1.2
_CLOSE_UP_M = 0.5

STYLE = """
.plan { background: var(--card); border: 1px solid var(--line); border-radius: 6px; width: 100%; height: auto; }
.plan text { fill: var(--ink); font: 12px system-ui, sans-serif; } .plan .soft { fill: var(--soft); }
.plan .ring { fill: none; stroke: var(--odd); stroke-dasharray: 5 4; } .plan .limit { stroke: var(--bad); }
.plan .sight { stroke: var(--calm); stroke-opacity: .5; } .plan .blind { stroke-dasharray: 2 4; }
.plan .robot { fill: var(--calm); } .plan .unseen { fill: var(--soft); }
.plan .hidden { fill: var(--bad); fill-opacity: .12; } .plan .object { fill: var(--odd); fill-opacity: .55;
  stroke: var(--odd); stroke-width: 1.5; } .plan .return { fill: var(--bad); }
.plan .way { fill: none; stroke: var(--good); stroke-width: 2; } .plan .grid { stroke: var(--line); }
"""


def plan_of(record: InspectionRecord) -> str:
    """Return the plan of the whole inspection as SVG, x to the right and y up."""
    return '\n'.join(_Plan(record).drawn())


def close_up_of(record: InspectionRecord) -> str:
    """Return the object's footprint alone with the lidar's returns, '' where nothing is known of it."""
    if record.estimate is None:
        return ''
    middle, half_m = record.estimate.position_m, record.estimate.radius_m + _CLOSE_UP_M
    sheet = _Sheet(middle, half_m)
    parts = [*sheet.grid(0.25), sheet.polygon(record.estimate.footprint_m, 'object')]
    parts += [sheet.dot(point, 2.5, 'return') for view in record.views for point in view.lidar_m
              if math.dist(point, middle) < half_m]
    return sheet.svg(parts, 'footprint of the object, with the lidar\'s returns from it')


class _Sheet:
    """A square piece of the map on paper."""

    def __init__(self, middle_m: Point2, half_m: float) -> None:
        self._left, self._top, self._half_m = middle_m[0] - half_m, middle_m[1] + half_m, half_m
        self.scale = _SIZE / (2.0 * half_m)

    def at(self, point: Point2) -> Point2:
        """Return where a point is on the paper."""
        return (point[0] - self._left) * self.scale, (self._top - point[1]) * self.scale

    def polygon(self, points: Iterable[Point2], style: str) -> str:
        """Return an area."""
        return f'<polygon class="{style}" points="{self._points(points)}"/>'

    def line(self, points: Iterable[Point2], style: str) -> str:
        """Return a line."""
        return f'<polyline class="{style}" points="{self._points(points)}"/>'

    def dot(self, point: Point2, radius_px: float, style: str) -> str:
        """Return a dot."""
        x, y = self.at(point)
        return f'<circle class="{style}" cx="{x:.1f}" cy="{y:.1f}" r="{radius_px}"/>'

    def ring(self, middle: Point2, radius_m: float, style: str, words: str) -> str:
        """Return a circle with what it is, written at its top."""
        x, y = self.at(middle)
        radius = radius_m * self.scale
        return (f'<circle class="ring {style}" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"/>'
                f'<text class="soft" text-anchor="middle" x="{x:.1f}" y="{y - radius - 3:.1f}">{escape(words)}</text>')

    def text(self, point: Point2, words: str, shift_px: Point2 = (0.0, 0.0)) -> str:
        """Return words at a point."""
        x, y = self.at(point)
        return f'<text x="{x + shift_px[0]:.1f}" y="{y + shift_px[1]:.1f}">{escape(words)}</text>'

    def grid(self, step_m: float) -> Iterator[str]:
        """Yield lines at whole steps, with their numbers."""
        for number in range(math.ceil(self._left / step_m), math.floor((self._left + 2.0 * self._half_m) / step_m) + 1):
            x, _ = self.at((number * step_m, 0.0))
            yield f'<line class="grid" x1="{x:.1f}" y1="0" x2="{x:.1f}" y2="{_SIZE}"/>'
            yield f'<text class="soft" x="{x + 2:.1f}" y="{_SIZE - 4}">{number * step_m:g}</text>'
        low = self._top - 2.0 * self._half_m
        for number in range(math.ceil(low / step_m), math.floor(self._top / step_m) + 1):
            _, y = self.at((0.0, number * step_m))
            yield f'<line class="grid" x1="0" y1="{y:.1f}" x2="{_SIZE}" y2="{y:.1f}"/>'
            yield f'<text class="soft" x="2" y="{y - 2:.1f}">{number * step_m:g}</text>'

    def svg(self, parts: Iterable[str], words: str) -> str:
        """Return the drawing."""
        return (f'<svg class="plan" viewBox="0 0 {_SIZE} {_SIZE}" role="img" aria-label="{escape(words)}">'
                f'{"".join(parts)}</svg>')

    def _points(self, points: Iterable[Point2]) -> str:
        return ' '.join(f'{x:.1f},{y:.1f}' for x, y in map(self.at, points))


class _Plan:
    """The plan of one inspection."""

    def __init__(self, record: InspectionRecord) -> None:
        self._record = record
        self._middle = record.estimate.position_m if record.estimate else record.target_m
        self._radius_m = record.estimate.radius_m if record.estimate else 0.0
        places = [(view.robot.x_m, view.robot.y_m) for view in record.views]
        self._reach_m = max([self._radius_m + record.rings.outer_m, *(math.dist(self._middle, at) for at in places)])
        self._sheet = _Sheet(self._middle, self._reach_m + _ROOM_M)

    def drawn(self) -> Iterator[str]:
        """Yield the drawing."""
        yield self._sheet.svg(self._parts(), 'plan of the inspection')

    def _parts(self) -> Iterator[str]:
        record, sheet, middle = self._record, self._sheet, self._middle
        yield from sheet.grid(1.0 if self._reach_m < 8.0 else 2.0)
        for sides in record.hidden:
            yield self._wedge(sides)
        rings = record.rings
        yield sheet.ring(middle, self._radius_m + rings.outer_m, '', f'outer ring {rings.outer_m:g} m')
        yield sheet.ring(middle, self._radius_m + rings.inner_m, '', f'inner ring {rings.inner_m:g} m')
        yield sheet.ring(middle, self._radius_m + rings.limit_m, 'limit', f'never nearer {rings.limit_m:g} m')
        if record.left_path_m:
            yield sheet.line(record.left_path_m, 'way')
            yield sheet.text(record.left_path_m[0], f'track {record.left_by}', (6.0, -6.0))
        for view in record.views:
            yield from self._view(view)
        if record.estimate is not None:
            yield sheet.polygon(record.estimate.footprint_m, 'object')
        else:
            yield sheet.dot(middle, 5.0, 'object')

    def _view(self, view: ObjectView) -> Iterator[str]:
        at = (view.robot.x_m, view.robot.y_m)
        is_seen = view.outline is not None or bool(view.lidar_m)
        yield self._sheet.line([at, self._middle], 'sight' if is_seen else 'sight blind')
        yaw = view.robot.yaw_rad
        arrow = [(at[0] + length * math.cos(yaw + turn), at[1] + length * math.sin(yaw + turn))
                 for length, turn in ((0.35, 0.0), (0.3, 2.5), (0.15, math.pi), (0.3, -2.5))]
        yield self._sheet.polygon(arrow, 'robot' if is_seen else 'unseen')
        words = str(view.viewpoint) if is_seen else f'{view.viewpoint}: {view.problem or "nothing seen"}'
        yield self._sheet.text(at, words, (10.0, -8.0))

    def _wedge(self, sides: HiddenSides) -> str:
        """Return the bearings that nobody could look from, as a sector with the reason."""
        start, span = sides.start_deg, (sides.end_deg - sides.start_deg) % 360.0
        if span == 0.0 and sides.end_deg != sides.start_deg:
            span = 360.0
        margin_deg = 2.5
        count = max(2, round((span + 2.0 * margin_deg) / 5.0) + 1)
        radius_m = self._radius_m + self._record.rings.outer_m
        turns = [math.radians(start - margin_deg + (span + 2.0 * margin_deg) * share / (count - 1))
                 for share in range(count)]
        rim = [(self._middle[0] + radius_m * math.cos(turn), self._middle[1] + radius_m * math.sin(turn))
               for turn in turns]
        middle, away_m = turns[count // 2], 0.72 * radius_m
        at = (self._middle[0] + away_m * math.cos(middle), self._middle[1] + away_m * math.sin(middle))
        words = self._sheet.text(at, sides.reason, (-30.0, 0.0)) if span >= 10.0 else ''
        return self._sheet.polygon([self._middle, *rim], 'hidden') + words
