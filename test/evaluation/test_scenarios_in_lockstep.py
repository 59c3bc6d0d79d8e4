"""Scenarios in the lockstep loop: they happen, repeat, and reach the sensors."""

import math

import numpy as np
import pytest

from lepatrol.evaluation.lockstep import make_lockstep
from lepatrol.model.errors import LepatrolError
from lepatrol.model.observation import CameraImage, LaserScan
from lepatrol.settings.simulation import SimulationSettings


class Notes:
    """What a loop's robot and people did, and what its sensors said."""

    def __init__(self, loop):
        self.nearest_m = math.inf
        self.collisions = 0
        self.scans, self.pictures = [], []
        self._index = [body.model for body in loop.staged.scene.moving].index('intruder') if any(
            body.model == 'intruder' for body in loop.staged.scene.moving) else None
        sense = loop._sense

        def listen(observation):
            if isinstance(observation, LaserScan):
                self.scans.append(observation.ranges_m)
            elif isinstance(observation, CameraImage):
                self.pictures.append(observation)
            sense(observation)

        loop._sense = listen

    def watch(self, loop):
        self.collisions += loop.simulator.in_collision('robot')
        if self._index is not None:
            robot = loop.simulator.ground_truth('robot').position_m
            place = loop.simulator.physics.moving_poses()[0][self._index].tolist()
            self.nearest_m = min(self.nearest_m, math.dist(robot[:2], place[:2]))


def played(scenario, seed, limit_s, renderer='none'):
    loop = make_lockstep(scenario=scenario, simulation=SimulationSettings(seed=seed, renderer=renderer))
    notes = Notes(loop)
    try:
        assert loop.begin() == 'ok'
        loop.run(limit_s=limit_s, watch=notes.watch)
    finally:
        loop.simulator.close()
    return notes


@pytest.mark.parametrize(('scenario', 'seed'), [('intruder_night', 2), ('intruder_waits', 3)])
def test_an_intruder_comes_near_the_robot_and_neither_runs_into_the_other(scenario, seed):
    notes = played(scenario, seed, 60.0)
    assert 1.0 < notes.nearest_m < 15.0
    assert notes.collisions == 0


def test_a_run_repeats_bit_for_bit_weather_and_all():
    first, again = (played('rain', 4, 6.0) for _ in range(2))
    assert len(first.scans) > 50
    assert all((a == b).all() for a, b in zip(first.scans, again.scans, strict=True))


def test_fog_cuts_the_lidar_short_and_whitens_pictures():
    notes, clear = played('fog', 1, 3.0, 'auto'), played('quiet', 1, 3.0, 'auto')
    reach = max(ranges[np.isfinite(ranges)].max() for ranges in notes.scans)
    assert reach < 15.5
    assert np.mean([image.rgb.mean() for image in notes.pictures]) > np.mean(
        [image.rgb.mean() for image in clear.pictures]) + 10.0


def test_a_camera_is_dark_from_the_moment_it_is_covered():
    notes = played('camera_covered', 5, 26.0, 'auto')
    dark = [image.rgb.mean() < 30.0 and image.rgb.std() < 5.0 for image in notes.pictures]
    assert dark == sorted(dark)
    assert 30 < sum(dark) < len(dark) - 30


def test_without_a_scenario_there_is_nothing_to_begin():
    loop = make_lockstep('bench_yard', simulation=SimulationSettings(renderer='none'))
    with pytest.raises(LepatrolError, match='no scenario is played'):
        loop.begin()
    loop.simulator.close()
