"""The border that comes with lepatrol is what the generator writes, is simulated whole, mapped and walked."""

import math

import pytest
from world_footprints import ROOT, WORLDS

from lepatrol import assembly, cli
from lepatrol.evaluation.lockstep import ROBOT, make_lockstep
from lepatrol.model.mission import MissionState
from lepatrol.model.occupancy import OCCUPIED
from lepatrol.settings.patrol import PatrolSettings
from lepatrol.settings.simulation import SimulationSettings
from lepatrol.simulation.description import Heightmap
from lepatrol.simulation.physics import Physics

SITE = ROOT / 'config' / 'sites' / 'border.yaml'
NO_PICTURES = PatrolSettings(photo_timeout_s=0.1)


@pytest.fixture(scope='module')
def scene():
    return assembly.load_scene('border', {ROBOT: ('ugv', assembly.load_site('border').start_pose)})


@pytest.fixture(scope='module')
def grid(scene):
    return assembly.make_map(scene, scene.robots[ROBOT])


def test_the_shipped_border_is_what_the_command_writes_byte_for_byte(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.main(['world', '--kind', 'border']) == 0
    assert (tmp_path / 'border.sdf').read_bytes() == (WORLDS / 'border.sdf').read_bytes()
    assert (tmp_path / 'border.yaml').read_bytes() == SITE.read_bytes()
    assert 'border of 1000 m, seed 1' in capsys.readouterr().out


def test_a_longer_border_of_another_seed_is_read_and_simulated_from_anywhere(tmp_path):
    file = tmp_path / 'long.sdf'
    assert cli.main(['world', '--kind', 'border', '--length', '5000', '--seed', '3', '--out', str(file)]) == 0
    site = assembly.load_site(str(tmp_path / 'long.yaml'))
    scene = assembly.load_scene(site.world, {ROBOT: ('ugv', site.start_pose)})
    assert scene.world.unsupported == ()
    assert sum(model.name.startswith('fence_') for model in scene.world.models) == 5000 / 5 - 5
    assert Physics(scene, step_s=0.004).model.nhfield == 2 * 25


@pytest.mark.parametrize(('arguments', 'words'), [
    (('--length', '1100'), 'multiple of 200 m'), (('--out', 'border.xml'), 'must end in .sdf'),
    (('--site', 'border.txt'), 'must end in .yaml')])
def test_a_border_that_cannot_be_made_is_refused_and_nothing_is_written(
        tmp_path, monkeypatch, capsys, arguments, words):
    monkeypatch.chdir(tmp_path)
    assert cli.main(['world', '--kind', 'border', *arguments]) == 1
    assert words in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_the_border_is_simulated_whole_on_uneven_ground(scene):
    shapes = [collision.shape for body in scene.static for collision in body.link.collisions]
    terrain = [shape for shape in shapes if isinstance(shape, Heightmap)]
    assert scene.world.unsupported == ()
    assert len(terrain) == 10
    assert all(shape.heights_m.max() - shape.heights_m.min() > 1.8 for shape in terrain)


def test_ground_is_free_in_the_map_ditch_stream_and_fence_are_not(grid):
    def is_occupied(x, y):
        return grid.cells[grid.cell_at(x, y)] == OCCUPIED

    places = [x + 0.05 for x in range(-490, 490, 7)]
    assert not any(is_occupied(x, y) for x in places for y in (-6.0, -9.0, -12.0))
    assert all(is_occupied(x, 0.0) for x in places if abs(x + 200.0) > 10.2)
    # The road crosses the ditch on a culvert.
    for x in places:
        for y in (-27.5, -30.0):
            if abs(x + 200.0) < 12.0:
                assert not is_occupied(x, y)
            elif abs(x + 200.0) > 26.0:
                assert is_occupied(x, y)
    # From any place in the north the stream is in the way to the fence.
    for x in places:
        if abs(x + 200.0) > 26.0:
            assert any(is_occupied(x, 34.0 + 0.2 * step) for step in range(125))
    land = [is_occupied(x, y) for x in places for y in (-95.0, -80.0, -60.0, -40.0, 12.0, 25.0, 65.0, 80.0, 95.0)]
    assert sum(land) < 0.05 * len(land)


def test_a_round_of_the_crossing_reaches_every_waypoint_level_and_without_touching_anything():
    loop = make_lockstep('border', simulation=SimulationSettings(renderer='none'), patrol=NO_PICTURES)
    collisions, tilts = [], []

    def watch(running):
        collisions.append(running.simulator.in_collision(ROBOT))
        roll, pitch, _ = running.simulator.ground_truth(ROBOT).rpy_rad
        tilts.append(max(abs(roll), abs(pitch)))

    try:
        assert loop.order('start crossing') == 'ok'
        assert loop.run(limit_s=600.0, watch=watch), loop.patrol.status
    finally:
        loop.close()
    status = loop.patrol.status
    assert status.state is MissionState.DONE
    assert all(miss.reason.startswith('photo: ') for miss in status.missed), status.missed
    assert status.distance_walked_m > 180.0
    assert not any(collisions)
    assert math.degrees(max(tilts)) < 0.5
