"""Inspections of random objects on a site, measured against what truly stands there.

A robot is put at each viewpoint of a plan, off by what driving errs by, with noise on its pose, scans and pictures;
what the perimeter makes of it is compared with the truth. ``python -m lepatrol.evaluation.object_trials 20`` prints a
table of 20 of them.
"""

from __future__ import annotations

import dataclasses
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.random import Generator, default_rng

from lepatrol import assembly, resources, surveillance
from lepatrol.evaluation.object_stage import Moment, ObjectStage, Put
from lepatrol.model.geometry import Pose2
from lepatrol.model.inspection import Measured, ObjectEstimate, ObjectShape, Study, StudyRequest
from lepatrol.model.observation import CameraImage, JointPositions, LaserScan, Odometry
from lepatrol.model.site import Point2, Site
from lepatrol.perception.pipeline import Perimeter
from lepatrol.planning.planner import Planner
from lepatrol.planning.viewpoints import StandOff, Target, ViewPlan, plan_views
from lepatrol.settings.navigation import NavigatorSettings
from lepatrol.settings.perimeter import PerimeterSettings
from lepatrol.settings.robot import RobotSettings
from lepatrol.settings.yaml_file import read_settings
from lepatrol.simulation.description import Box, Cylinder, Ellipsoid
from lepatrol.simulation.scene import Scene

_COLOURS = (
    (0.08, 0.08, 0.09), (0.55, 0.1, 0.1), (0.12, 0.2, 0.45), (0.2, 0.35, 0.18), (0.45, 0.32, 0.2), (0.85, 0.8, 0.7))
_NEAR_WAYPOINT_M, _ROOM_M, _LEAST_VIEWS = 15.0, 1.2, 4
_REPORTED_SIGMA_M = 0.15
"""How far from the object's middle the alert that is inspected says it is."""
_DRIVEN_M, _DRIVEN_RAD = 0.1, 0.05
_FRAMES = 8
_TOLERATED, _TOLERATED_M = 0.15, 0.05


@dataclass(frozen=True, slots=True)
class Trial:
    """One inspection: what was truly there, how it was looked at, and what was made of it, None for nothing."""

    seed: int
    put: Put
    plan: ViewPlan
    studies: tuple[Study, ...]

    @property
    def estimate(self) -> ObjectEstimate | None:
        """Return what was known in the end."""
        return self.studies[-1].estimate if self.studies else None

    @property
    def errors_m(self) -> tuple[float, float, float] | None:
        """Return by how much length, width and height are over the truth, None where nothing was estimated."""
        return size_errors_m(self.put, self.estimate)

    @property
    def is_good(self) -> bool:
        """Tell whether length, width and height are all within 15 % or 5 cm."""
        return is_size_right(self.put, self.errors_m)

    @property
    def is_shape_right(self) -> bool:
        """Tell whether the shape was recognised."""
        right = {Box: ObjectShape.BOX, Cylinder: ObjectShape.CYLINDER, Ellipsoid: ObjectShape.BAG}
        return self.estimate is not None and self.estimate.shape is right[type(self.put.shape)]


def size_errors_m(put: Put, estimate: ObjectEstimate | None) -> tuple[float, float, float] | None:
    """Return by how much length, width and height are over the truth, None where nothing was estimated."""
    if estimate is None or estimate.height_m is None:
        return None
    found = (estimate.length_m.value, estimate.width_m.value, estimate.height_m.value)
    off = [value - true for value, true in zip(found, put.size_m, strict=True)]
    return off[0], off[1], off[2]


def is_size_right(put: Put, errors_m: tuple[float, float, float] | None) -> bool:
    """Tell whether length, width and height are all within 15 % or 5 cm."""
    return errors_m is not None and all(
        abs(error) <= max(_TOLERATED_M, _TOLERATED * true) for error, true in zip(errors_m, put.size_m, strict=True))


@dataclass
class Trials:
    """A site to hold trials on; close it in the end."""

    site: Site
    robot: str = 'ugv'
    stand_off: StandOff = field(default_factory=lambda: StandOff(5.0, 8.0))

    def __post_init__(self) -> None:
        """Draw what is expected and where the robot can go, once."""
        scene: Scene = assembly.load_scene(self.site.world, {'robot': (self.robot, self.site.start_pose)})
        model = scene.robots['robot']
        self.expectation = surveillance.make_expectation(self.site, model)
        limits = read_settings(resources.robot_settings_path(self.robot), RobotSettings)
        self.planner: Planner = assembly.make_planner(
            self.site, assembly.make_map(scene, model), NavigatorSettings(), limits)

    def close(self) -> None:
        """Give drawing contexts back."""
        self.expectation.close()

    def run(self, seed: int, put: Put | None = None, folder: Path | None = None) -> Trial:
        """Inspect an object, a random one in a random place without ``put``; pictures go to ``folder``, if any."""
        rng = default_rng(seed)
        put = put or random_object(rng, self._place(rng))
        x, y = put.place_m
        off = rng.normal(0.0, _REPORTED_SIGMA_M, 2)
        target = Target(x + float(off[0]), y + float(off[1]), 0.4)
        plan = plan_views(self.planner, self.site.start_pose, target, self.stand_off)
        stage = ObjectStage(self.site, put, seed, robot=self.robot)
        perimeter = surveillance.make_perimeter(
            self.site, self.robot, PerimeterSettings(), expectation=self.expectation, folder=folder)
        studies = []
        try:
            for number, viewpoint in enumerate(plan.viewpoints, start=1):
                place = Pose2(
                    viewpoint.x_m + rng.uniform(-_DRIVEN_M, _DRIVEN_M),
                    viewpoint.y_m + rng.uniform(-_DRIVEN_M, _DRIVEN_M),
                    viewpoint.yaw_rad + rng.uniform(-_DRIVEN_RAD, _DRIVEN_RAD))
                study = study_from(stage, perimeter, place, number, (target.x_m, target.y_m), target.radius_m)
                studies += [study] if study else []
        finally:
            stage.close()
            perimeter.close()
        return Trial(seed, put, plan, tuple(studies))

    def _place(self, rng: Generator) -> Point2:
        """Return a free place near a waypoint that can be looked at from some sides."""
        grid = self.planner.grid
        free = np.argwhere((grid.distance_m > _ROOM_M) & ~grid.lethal)
        near = np.array([(waypoint.x_m, waypoint.y_m) for waypoint in self.site.waypoints.values()])
        while True:
            row, column = free[rng.integers(len(free))].tolist()
            x, y = grid.to_metres(np.array([column + 0.5, row + 0.5])).tolist()
            if np.hypot(*(near - (x, y)).T).min() > _NEAR_WAYPOINT_M:
                continue
            plan = plan_views(self.planner, self.site.start_pose, Target(x, y, 0.4), self.stand_off)
            if len(plan.viewpoints) >= _LEAST_VIEWS:
                return x, y


def random_object(rng: Generator, place_m: Point2, yaw_rad: float | None = None) -> Put:
    """Return an object as people leave them, turned anyhow unless a heading is given."""
    kind, colour = int(rng.integers(4)), _COLOURS[rng.integers(len(_COLOURS))]
    shape: Box | Cylinder | Ellipsoid
    if kind == 0:  # as the scenario bag_left has them
        shape = Box((rng.uniform(0.35, 0.6), rng.uniform(0.3, 0.45), rng.uniform(0.3, 0.48)))
    elif kind == 1:
        shape = Box((rng.uniform(0.25, 0.9), rng.uniform(0.25, 0.6), rng.uniform(0.2, 0.9)))
    elif kind == 2:
        shape = Cylinder(rng.uniform(0.12, 0.3), rng.uniform(0.25, 0.9))
    else:
        shape = Ellipsoid((rng.uniform(0.2, 0.4), rng.uniform(0.15, 0.25), rng.uniform(0.13, 0.24)))
    return Put(shape, place_m, rng.uniform(-math.pi, math.pi) if yaw_rad is None else yaw_rad, colour)


def study_from(
    stage: ObjectStage, perimeter: Perimeter, place: Pose2, number: int, target_m: Point2, radius_m: float,
) -> Study | None:
    """Return what a perimeter makes of an object from a place where the robot stands for a while."""
    request: StudyRequest | None = None
    for moment in stage.stand(place, _FRAMES):
        feed(perimeter, moment, stage.now_s)
        request = request or StudyRequest('trial', target_m, radius_m, number, stage.now_s + 0.3)
        study = perimeter.study(request, stage.now_s)
        if study is not None:
            return study
    assert request is not None
    return perimeter.study(dataclasses.replace(request, stamp_s=stage.now_s - 0.15), stage.now_s + 10.0)


def feed(perimeter: Perimeter, moment: Moment, now_s: float) -> None:
    """Give a perimeter what a sensor tells."""
    if isinstance(moment, LaserScan):
        perimeter.on_scan(moment, now_s)
    elif isinstance(moment, CameraImage):
        perimeter.on_image(moment, now_s)
    elif isinstance(moment, JointPositions):
        perimeter.on_joints(moment, now_s)
    elif isinstance(moment, Odometry):
        perimeter.on_odometry(moment, now_s)
    else:
        perimeter.on_pose(moment, now_s)


def table_of(trials: Sequence[Trial]) -> list[str]:
    """Return a line for each trial, and the figures over all of them."""
    lines = []
    for trial in trials:
        estimate, true = trial.estimate, ' x '.join(f'{side:.2f}' for side in trial.put.size_m)
        found = 'nothing' if estimate is None else (
            ' x '.join(_text(side) for side in (estimate.length_m, estimate.width_m, estimate.height_m))
            + f' {estimate.shape.value}, {", ".join(colour.name for colour in estimate.colours)}')
        lines.append(
            f'{trial.seed:3d} {type(trial.put.shape).__name__:9s} {true}: {found}; {len(trial.studies)} views, '
            f'{trial.plan.coverage_deg:.0f} deg{"" if trial.is_good else "  MISSED"}')
    known = np.array([trial.errors_m for trial in trials if trial.errors_m is not None])
    lines.append(f'within 15 % or 5 cm: {sum(trial.is_good for trial in trials)} of {len(trials)}; '
                 f'shape right: {sum(trial.is_shape_right for trial in trials)}')
    if len(known):
        lines.append('mean error of length, width, height: ' + ', '.join(f'{value:+.3f} m' for value in known.mean(0)))
        lines.append('root mean square: ' + ', '.join(f'{value:.3f} m' for value in np.sqrt((known**2).mean(0))))
    return lines


def _text(side: Measured | None) -> str:
    return '?' if side is None else f'{side.value:.2f}±{side.deviation:.2f}'


def main(count: int) -> None:
    """Print a table of trials on the prison's site."""
    trials = Trials(assembly.load_site('prison'))
    try:
        print('\n'.join(table_of([trials.run(seed) for seed in range(count)])))
    finally:
        trials.close()


if __name__ == '__main__':
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
