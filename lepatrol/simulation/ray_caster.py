"""Rays against the parts of a world that never move: what a lidar ought to measure."""

from __future__ import annotations

import dataclasses

import mujoco
import numpy as np
from numpy.typing import NDArray

from lepatrol.model.geometry import Floats
from lepatrol.simulation.compilation import compile_scene
from lepatrol.simulation.scene import Scene

_STEP_S = 0.004
_UNBOUNDED = (mujoco.mjtGeom.mjGEOM_PLANE,)


class SceneRayCaster:
    """A range source over the static collisions of a scene; robots, actors and whatever else moves are left out.

    It keeps a physics model of its own, so that it sees nothing of a simulation that runs. Outside the world (more
    than ``margin_m`` beyond its bounded parts, seen from above) nothing is known. A shorter ``reach_m`` makes it
    faster: it need not go beyond the lidar's range.
    """

    def __init__(self, scene: Scene, *, reach_m: float = 31.0, margin_m: float = 30.0) -> None:
        """Compile the static parts.

        :raises SceneError: for a shape that MuJoCo refuses.
        """
        self._reach_m = reach_m
        static = {body.model for body in scene.static}
        models = tuple(model for model in scene.world.models if model.name in static)
        world = dataclasses.replace(scene.world, models=models, actors=())
        self._model = compile_scene(Scene(world), step_s=_STEP_S).model
        self._data = mujoco.MjData(self._model)
        mujoco.mj_kinematics(self._model, self._data)
        self._low, self._high = _extent(self._model, self._data)
        self._low, self._high = self._low - margin_m, self._high + margin_m
        self._geoms: NDArray[np.int32] = np.zeros(0, dtype=np.int32)

    def ranges_m(self, origin_m: Floats, directions: Floats) -> Floats:
        """Return distances (n,) from ``origin_m`` (3,) along unit ``directions`` (n, 3).

        ``inf`` is nothing within reach. All are NaN for an origin outside the world or one that is not finite.
        """
        count = len(directions)
        origin = np.asarray(origin_m, dtype=np.float64)
        place = origin[:2]
        if not (np.isfinite(origin).all() and (place >= self._low).all() and (place <= self._high).all()):
            return np.full(count, np.nan)
        if not count:
            return np.zeros(0)
        if len(self._geoms) != count:
            self._geoms = np.zeros(count, dtype=np.int32)
        distances = np.zeros(count)
        mujoco.mj_multiRay(
            self._model, self._data, origin, np.ascontiguousarray(directions, dtype=np.float64).ravel(), None, 1, -1,
            self._geoms, distances, None, count, self._reach_m)
        distances[(distances < 0.0) | (distances > self._reach_m)] = np.inf
        return distances


def _extent(model: mujoco.MjModel, data: mujoco.MjData) -> tuple[Floats, Floats]:
    """Return the lowest and highest (x, y) of all geoms with an end; everything for a world that has none."""
    bounded = ~np.isin(model.geom_type, [int(kind) for kind in _UNBOUNDED])
    if not bounded.any():
        return np.full(2, -np.inf), np.full(2, np.inf)
    places, reach = data.geom_xpos[bounded, :2], model.geom_rbound[bounded, None]
    return (places - reach).min(axis=0), (places + reach).max(axis=0)
