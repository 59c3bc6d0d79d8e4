"""Changes to what stands in a world: things put down, fence panels cut, gates opened."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from lepatrol.model.errors import LepatrolError
from lepatrol.model.geometry import Floats, Pose2, Pose3
from lepatrol.model.scenario import Between, Thing
from lepatrol.model.site import Point2, Structure
from lepatrol.simulation.chance import Lots
from lepatrol.simulation.description import Box, Collision, Link, Material, Model, Visual
from lepatrol.simulation.shapes import surface_of

P = TypeVar('P', Visual, Collision)

_LEAST_REST_M = 0.05
_SLIVER_M = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Hole:
    """A hole in a fence: its middle, width and height, and what is left of the panel, None for nothing."""

    middle_m: Point2
    width_m: float
    height_m: float
    rest: Model | None


@dataclass(frozen=True, slots=True, eq=False)
class OpenGate:
    """An opened gate: the model where it now is, and the middle, width and height of the opening."""

    model: Model
    middle_m: Point2
    width_m: float
    height_m: float


def box(thing: Thing, place_m: Point2, lots: Lots) -> tuple[Model, tuple[float, float]]:
    """Return a box on the ground and its size (width, height)."""
    along, across, up = (lots.number(size) for size in thing.size_m)
    red, green, blue = lots.colour(thing.colour)
    shape, middle = Box((along, across, up)), Pose3((0.0, 0.0, up / 2.0))
    link = Link('link', visuals=(Visual('box', middle, shape, Material((red, green, blue, 1.0))),),
                collisions=(Collision('box', middle, shape),))
    pose = Pose3.from_rpy(*place_m, yaw_rad=math.radians(lots.number(thing.turn_deg)))
    return Model(thing.name, pose, static=True, links=(link,)), (max(along, across), up)


def cut_panel(model: Model, panel: Structure, width_m: float | None, lots: Lots) -> Hole:
    """Cut a hole from bottom to top into a fence panel, somewhere along it; None takes the panel out.

    :raises LepatrolError: for a panel that is not made of upright boxes along the structure's line, or is no wider.
    """
    start, along = np.asarray(panel.start), _direction(panel)
    corners = _corners(model)
    reach = (corners[:, :2] - start) @ along
    low, high, top_m = float(reach.min()), float(reach.max()), float(corners[:, 2].max())
    if width_m is not None and width_m > high - low + 1e-9:
        raise LepatrolError(f'{model.name}: a hole of {width_m:.2f} m does not fit into a panel of {high - low:.2f} m')
    rest: Model | None = None
    begin, end = low, high
    if width_m is not None:
        begin = low + _margin(max(high - low - width_m, 0.0), lots)
        end = begin + width_m
        cut = _Cut(model, start, along, begin, end)
        links = tuple(cut.rest_of(link) for link in model.links)
        rest = dataclasses.replace(model, links=links) if any(link.collisions for link in links) else None
    x, y = (start + (begin + end) / 2.0 * along).tolist()
    return Hole((x, y), end - begin, top_m, rest)


def open_gate(model: Model, gate: Structure, *, swing_deg: float, slide_m: float) -> OpenGate:
    """Turn a gate's leaf about its model's origin, or slide it along the structure's line towards its end."""
    along, length = _direction(gate), math.dist(gate.start, gate.end)
    x, y, z = model.pose.position_m
    slide_x, slide_y = (slide_m * along).tolist()
    slid = Pose3((x + slide_x, y + slide_y, z), model.pose.orientation_wxyz)
    pose = slid.compose(Pose3.from_rpy(yaw_rad=math.radians(swing_deg)))
    width_m = min(abs(slide_m), length) if slide_m else length
    middle = length - width_m / 2.0 if slide_m < 0.0 else width_m / 2.0
    middle_x, middle_y = (np.asarray(gate.start) + middle * along).tolist()
    return OpenGate(dataclasses.replace(model, pose=pose), (middle_x, middle_y), width_m, size_of(model)[1])


def size_of(model: Model) -> tuple[float, float]:
    """Return how wide and how tall a model's collisions are."""
    corners = _corners(model)
    east, north, _ = np.ptp(corners, axis=0).tolist()
    return max(east, north), float(corners[:, 2].max() - max(corners[:, 2].min(), 0.0))


def placed(robot: Model, start: Pose2) -> Model:
    """Return a robot at a start, as high as it was."""
    pose = Pose3.from_rpy(start.x_m, start.y_m, robot.pose.position_m[2], yaw_rad=start.yaw_rad)
    return dataclasses.replace(robot, pose=pose)


def _direction(structure: Structure) -> Floats:
    """Return the unit vector from a structure's start to its end."""
    line = np.asarray(structure.end) - np.asarray(structure.start)
    return np.asarray(line / np.linalg.norm(line))


def _corners(model: Model) -> Floats:
    """Return the corners (n, 3), in the world, of all of a model's collisions."""
    parts = [
        surface_of(part.shape).at(model.pose.compose(link.pose).compose(part.pose)).vertices_m
        for link in model.links for part in link.collisions]
    if not parts:
        raise LepatrolError(f'{model.name}: has no collisions, so it cannot be cut, opened or missed')
    return np.vstack(parts)


def _margin(room_m: float, lots: Lots) -> float:
    """Return where a hole begins that leaves ``room_m`` on both its sides together; slivers do not stay."""
    margin = lots.number(Between(0.0, room_m))
    if margin < _LEAST_REST_M:
        return 0.0
    return room_m if room_m - margin < _LEAST_REST_M else margin


@dataclass(frozen=True, slots=True, eq=False)
class _Cut:
    """A cut across a line through ``start_m`` along the unit vector ``along``, from ``begin_m`` to ``end_m`` on it."""

    model: Model
    start_m: Floats
    along: Floats
    begin_m: float
    end_m: float

    def rest_of(self, link: Link) -> Link:
        """Return what is left of a link."""
        frame = self.model.pose.compose(link.pose)
        return dataclasses.replace(
            link,
            visuals=tuple(piece for part in link.visuals for piece in self._pieces(part, frame)),
            collisions=tuple(piece for part in link.collisions for piece in self._pieces(part, frame)))

    def _pieces(self, part: P, frame: Pose3) -> list[P]:
        """Return what is left of one shape: itself, nothing, or shorter boxes."""
        pose = frame.compose(part.pose)
        along = (surface_of(part.shape).at(pose).vertices_m[:, :2] - self.start_m) @ self.along
        low, high = float(along.min()), float(along.max())
        if high <= self.begin_m or low >= self.end_m:
            return [part]
        ends = [(low, self.begin_m, 'left'), (self.end_m, high, 'right')]
        rests = [(start, end, side) for start, end, side in ends if end - start > _SLIVER_M]
        if not rests:
            return []
        turned = pose.rotation.T @ np.array([*self.along, 0.0])
        axis = int(np.abs(turned).argmax())
        if not isinstance(part.shape, Box) or abs(turned[axis]) < 0.999:
            raise LepatrolError(f'{self.model.name}: {part.name} is no box along the fence; a hole cannot be cut in it')
        return [self._piece(part, part.shape, axis, float(np.sign(turned[axis])), (low, high), rest) for rest in rests]

    def _piece(
        self, part: P, shape: Box, axis: int, sign: float, whole: tuple[float, float], rest: tuple[float, float, str],
    ) -> P:
        start, end, side = rest
        shift, size = [0.0, 0.0, 0.0], list(shape.size_m)
        shift[axis] = sign * ((start + end) - (whole[0] + whole[1])) / 2.0
        size[axis] = end - start
        return dataclasses.replace(
            part, name=f'{part.name}_{side}', shape=Box((size[0], size[1], size[2])),
            pose=part.pose.compose(Pose3((shift[0], shift[1], shift[2]))))
