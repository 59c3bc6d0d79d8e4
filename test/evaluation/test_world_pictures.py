"""Pictures of a world: of the right size, full of what is there, from good places, and the same every time."""

import math

import cv2
import numpy as np
import pytest

from lepatrol import assembly
from lepatrol.cli import main
from lepatrol.evaluation.site_plan import MARGIN_PX, WIDTH_PX, Window
from lepatrol.evaluation.viewpoints import along_legs, departure, indoors, overview
from lepatrol.evaluation.world_pictures import check_shows, draw_world
from lepatrol.model.geometry import Pose2
from lepatrol.model.site import Route, Site, Waypoint
from lepatrol.simulation.description import Light
from lepatrol.simulation.render import RenderingError

WORLDS = ('prison', 'bench_yard')
NAMES = ('plan', 'view-1', 'view-2', 'view-3')
INDOORS = {'prison': ('view-4',), 'bench_yard': ()}


class Ground:
    """A range source of a bare plane, with a wall at some x and a roof of some height above all if there are such."""

    def __init__(self, wall_x_m=math.inf, roof_m=math.inf):
        self._wall_x_m = wall_x_m
        self._roof_m = roof_m

    def ranges_m(self, origin_m, directions):
        with np.errstate(divide='ignore', invalid='ignore'):
            hits = (-origin_m[2] / directions[:, 2], (self._roof_m - origin_m[2]) / directions[:, 2],
                    (self._wall_x_m - origin_m[0]) / directions[:, 0])
        return np.min([np.where(hit > 0.0, hit, np.inf) for hit in hits], axis=0)


@pytest.fixture(scope='module')
def drawn():
    return {world: draw_world(world, assembly.load_site(world)) for world in WORLDS}


@pytest.mark.parametrize('world', WORLDS)
def test_a_world_has_a_plan_and_views_that_show_something(drawn, world):
    plan, *views = drawn[world]
    assert tuple(each.name for each in (plan, *views)) == (*NAMES, *INDOORS[world])
    assert plan.picture.shape[1] == WIDTH_PX
    assert {view.picture.shape for view in views} == {(400, 640, 3)}
    for each in drawn[world]:
        check_shows(each.picture, each.name)
        assert len(np.unique(each.picture.astype(int) @ (65536, 256, 1))) > 30
        assert each.shows
    shown = {view.picture.tobytes() for view in views}
    assert len(shown) == len(views)


@pytest.mark.parametrize('world', WORLDS)
def test_views_have_the_sky_above_unless_indoors_and_none_below(drawn, world):
    sky = np.array(assembly.load_scene(world, {}).world.background[2::-1]) * 255
    for view in drawn[world][1:]:
        is_sky = np.abs(view.picture.astype(float) - sky).max(axis=2) < 3.0
        assert bool(is_sky[:20].mean() > 0.4) is (view.name not in INDOORS[world]), view.shows
        assert not is_sky[-100:].any(), view.shows


def test_the_plan_shows_the_world_where_the_site_is_laid_over_it(drawn):
    plan = drawn['prison'][0].picture
    grid = assembly.occupancy_map(assembly.load_scene('prison', {}).world, height_m=0.5, resolution_m=1.0)
    scale = (WIDTH_PX - 2 * MARGIN_PX) / grid.size_m[0]
    top = 35 + MARGIN_PX

    def at(x_m, y_m):
        row = round(top + (grid.origin_y_m + grid.size_m[1] - y_m) * scale)
        return plan[row, round(MARGIN_PX + (x_m - grid.origin_x_m) * scale)].astype(int)

    # The corner tower's roof, blue, ends seen from above where it ends in the world; beyond is grass.
    tower, grass = at(-60.0, 40.0), at(-60.0, 44.5)
    assert tower[0] > tower[1] > tower[2]
    assert grass[1] > max(grass[0], grass[2])
    # The home waypoint is painted over all.
    assert at(-7.0, -33.4).tolist() == [40, 150, 40]


def test_the_command_writes_the_same_small_files_every_time(tmp_path, capsys):
    for folder in ('one', 'two'):
        assert main(['picture', 'bench_yard', '--out', str(tmp_path / folder)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 8
    assert "bench_yard-view-1.png: from the robot's camera at its start (640 x 400" in lines[1]
    for name in NAMES:
        one, two = (tmp_path / folder / f'bench_yard-{name}.png' for folder in ('one', 'two'))
        assert one.read_bytes() == two.read_bytes()
        assert one.stat().st_size < 150_000
        assert cv2.imread(str(one)) is not None


@pytest.mark.parametrize(('arguments', 'complaint'), [
    (('castle',), 'castle: there is no world of this name; known worlds are: '),
    (('prison', '--site', 'castle'), 'castle: there is no site of this name'),
    (('prison', '--site', 'bench_yard'), "site 'bench_yard' is in the world 'bench_yard', not in 'prison'"),
    (('prison', '--robot', 'castle'), 'castle: there is no robot of this name')])
def test_what_is_not_known_is_named(tmp_path, capsys, arguments, complaint):
    assert main(['picture', *arguments, '--out', str(tmp_path / 'out')]) == 1
    assert complaint in capsys.readouterr().err
    assert not (tmp_path / 'out').exists()


def test_a_world_without_a_site_of_its_name_asks_for_one(tmp_path, capsys):
    world = tmp_path / 'field.sdf'
    world.write_text('<sdf version="1.9"><world name="field"/></sdf>', encoding='utf-8')
    assert main(['picture', str(world)]) == 1
    assert "world 'field' has no site of its name" in capsys.readouterr().err


def test_a_blank_picture_is_refused():
    picture = np.full((40, 60, 3), 90, np.uint8)
    picture[0, :10] = 200
    with pytest.raises(RenderingError, match='the yard: 100% of the picture has one colour'):
        check_shows(picture, 'the yard')
    picture[:10] = 200
    check_shows(picture, 'the yard')


class BlankRenderer:
    """Draws nothing, and says nothing of it."""

    def draw(self, camera, *_):
        return np.zeros((camera.height, camera.width, 3), np.uint8)

    def close(self):
        pass


def test_a_renderer_that_silently_draws_nothing_is_found_out_and_leaves_no_files(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr('lepatrol.evaluation.world_pictures.make_renderer', lambda *_: BlankRenderer())
    assert main(['picture', 'bench_yard', '--out', str(tmp_path / 'out')]) == 1
    assert 'world bench_yard: the plan: 100% of the picture has one colour' in capsys.readouterr().err
    assert not (tmp_path / 'out').exists()


def a_site(*places, closed=False, **parts):
    stops = {f'stop_{number}': Waypoint(f'stop_{number}', *place) for number, place in enumerate(places)}
    return Site('s', 's', 'stop_0', waypoints=stops, routes={'r': Route('r', tuple(stops), closed=closed)}, **parts)


def test_the_robot_looks_along_its_route_past_what_is_near():
    assert departure(a_site((0.0, 0.0), (1.0, 1.0), (0.0, 20.0))).yaw_rad == pytest.approx(math.pi / 2.0)
    only_near = Site('s', 's', 'post', waypoints={'post': Waypoint('post', 1.0, 2.0, 0.5)})
    assert departure(only_near) == Pose2(1.0, 2.0, 0.5)


@pytest.mark.parametrize(('direction', 'corner'), [
    ((-1.0, 1.0, -1.0), (50.0, -30.0)), ((1.0, 1.0, -1.0), (-50.0, -30.0)), ((1.0, -1.0, -1.0), (-50.0, 30.0))])
def test_the_overview_has_the_sun_behind_it_and_the_middle_before_it(direction, corner):
    view = overview(Window(-50.0, -30.0, 50.0, 30.0), (0.0, 0.0), (Light('sun', 'directional', direction=direction),),
                    Ground())
    assert view.pose.position_m[:2] == corner
    ahead = view.pose.turn((1.0, 0.0, 0.0))
    reach = -view.pose.position_m[2] / ahead[2]
    assert np.array(view.pose.position_m) + reach * np.array(ahead) == pytest.approx((0.0, 0.0, 0.0), abs=1e-6)
    assert view.pose.rpy_rad[0] == pytest.approx(0.0)


def test_the_overview_of_a_long_strip_is_of_the_part_round_home():
    view = overview(Window(0.0, 0.0, 1000.0, 200.0), (500.0, 100.0), (), Ground())
    assert math.dist(view.pose.position_m[:2], (500.0, 100.0)) < 100.0


def test_legs_along_the_perimeter_are_looked_along_both_ways_with_the_fence_in_view():
    fence = ((0.0, 0.0), (40.0, 0.0), (40.0, 40.0), (0.0, 40.0))
    site = a_site((0.0, -5.0), (40.0, -5.0), (40.0, 60.0), perimeter=fence)
    views = along_legs(site, Ground())
    assert [view.shows for view in views] == ['along the fence, looking east', 'along the fence, looking west']
    for view, sign in zip(views, (1.0, -1.0), strict=True):
        roll, _, yaw = view.pose.rpy_rad
        assert roll == pytest.approx(0.0)
        # Turned to the fence, which is to the north of the leg.
        assert math.sin(yaw) > 0.2
        assert math.copysign(1.0, math.cos(yaw)) == sign
        assert math.dist(view.pose.position_m[:2], view.robot.position_m[:2]) == pytest.approx(6.0)


def test_without_a_perimeter_views_go_along_the_route_and_not_into_walls():
    site = a_site((0.0, 0.0), (40.0, 0.0))
    assert [view.shows for view in along_legs(site, Ground())] == [
        'along the route, looking east', 'along the route, looking west']
    assert [view.shows for view in along_legs(site, Ground(wall_x_m=1.0))] == ['along the route, looking west']


def test_a_leg_under_a_roof_is_looked_along_from_below_it():
    site = a_site((0.0, 0.0), (40.0, 0.0), (40.0, 5.0))
    assert indoors(site, Ground()) == []
    assert indoors(site, Ground(roof_m=6.0)) == []
    views = indoors(site, Ground(roof_m=3.2))
    assert [view.shows for view in views] == ['indoors, looking east', 'indoors, looking west']
    assert all(1.5 < view.pose.position_m[2] < 3.0 for view in views)
    assert all(view.robot.position_m[2] == 0.0 for view in views)
