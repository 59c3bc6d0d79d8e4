import itertools
from pathlib import Path

import numpy as np
import pytest

from lepatrol.model.errors import PlanningError
from lepatrol.model.geometry import Pose2
from lepatrol.model.occupancy import OCCUPIED, UNKNOWN, OccupancyMap
from lepatrol.model.site import ZoneKind
from lepatrol.planning.planner import Planner
from lepatrol.planning.sight import segments_clear
from lepatrol.settings.navigation import PlannerSettings
from lepatrol.settings.site_file import read_site
from lepatrol.simulation.mapping import occupancy_map
from lepatrol.simulation.sdf import read_world

ROOT = Path(__file__).resolve().parents[2]
TUNING = PlannerSettings(clearance_m=0.35)


def room(gap=(40, 60)):
    """Return 20 m x 10 m with a wall across at x = 10 m that is open for rows ``gap``."""
    cells = np.zeros((100, 200), dtype=np.int8)
    cells[[0, -1], :] = cells[:, [0, -1]] = OCCUPIED
    cells[:, 100:102] = OCCUPIED
    cells[slice(*gap), 100:102] = 0
    return OccupancyMap(cells, 0.1, 0.0, 0.0)


def test_a_path_leads_through_the_gap_from_start_to_goal():
    path = Planner(room(), 0.45, TUNING).plan(Pose2(2.0, 2.0), (18.0, 2.0))
    assert path[0] == pytest.approx((2.0, 2.0))
    assert path[-1] == pytest.approx((18.0, 2.0))
    along = np.vstack([a + (b - a) * np.linspace(0, 1, 50)[:, None] for a, b in itertools.pairwise(path)])
    inside = along[np.abs(along[:, 0] - 10.1) < 0.1]
    assert (np.abs(inside[:, 1] - 5.0) <= 0.25).all()


@pytest.mark.parametrize(('start', 'goal', 'words'), [
    ((10.1, 1.0), (2.0, 2.0), 'start .* wall'),
    ((50.0, 1.0), (2.0, 2.0), 'start .* outside the map, which spans x 0.0 to 20.0'),
    ((2.0, 2.0), (10.1, 1.0), 'goal .* wall'),
    ((2.0, 2.0), (9.55, 2.0), r'goal .* is 0\.\d\d m from something on the map, the robot needs 0\.80 m'),
    ((2.0, 2.0), (float('nan'), 2.0), 'goal .* finite'),
    ((2.0, 2.0), (16.0, 5.0), 'goal .* keep-out'),
])
def test_a_wrong_start_or_goal_is_named_in_words(start, goal, words):
    planner = Planner(room(), 0.45, TUNING, [[(15.0, 4.0), (17.0, 4.0), (17.0, 6.0), (15.0, 6.0)]])
    assert planner.is_free(2.0, 2.0)
    assert not planner.is_free(16.0, 5.0)
    assert not planner.is_free(float('inf'), 5.0)
    with pytest.raises(PlanningError, match=words):
        planner.plan(Pose2(*start), goal)


def test_a_gap_too_narrow_for_the_robot_is_no_way():
    with pytest.raises(PlanningError, match=r'no way from .* narrower than 1\.60 m'):
        Planner(room((45, 60)), 0.45, TUNING).plan(Pose2(2.0, 2.0), (18.0, 2.0))


def test_a_start_near_a_wall_is_left_by_the_shortest_way():
    path = Planner(room(), 0.45, TUNING).plan(Pose2(9.5, 2.0), (2.0, 2.0))
    assert path[0] == pytest.approx((9.5, 2.0))
    assert path[1][0] == pytest.approx(9.15, abs=0.11)
    assert path[1][1] == pytest.approx(2.0, abs=0.11)


def test_obstacles_seen_are_gone_round_or_close_the_way():
    planner = Planner(room(), 0.45, TUNING)
    straight = planner.plan(Pose2(2.0, 5.0), (8.0, 5.0))
    assert len(straight) == 2
    seen = np.array([[5.0, 5.0], [5.0, 5.2], [np.nan, 1.0]])
    path = planner.plan(Pose2(2.0, 5.0), (8.0, 5.0), seen)
    along = np.vstack([a + (b - a) * np.linspace(0, 1, 99)[:, None] for a, b in itertools.pairwise(path)])
    assert min(np.hypot(*(along - point).T).min() for point in seen[:2]) > 0.7
    shut = np.stack([np.full(30, 10.1), np.linspace(4.0, 6.0, 30)], axis=1)
    with pytest.raises(PlanningError, match='past the 30 obstacle points seen'):
        planner.plan(Pose2(2.0, 5.0), (18.0, 5.0), shut)
    with pytest.raises(PlanningError, match=r'goal .* obstacle that the lidar sees'):
        planner.plan(Pose2(2.0, 5.0), (5.0, 5.5), seen)
    assert len(planner.plan(Pose2(2.0, 5.0), (8.0, 5.0))) == 2


def test_what_is_on_the_map_is_known_and_what_is_not_is_not():
    grid = room()
    grid.cells[50, 50] = UNKNOWN
    known = Planner(grid, 0.45, TUNING).known(np.array([[10.0, 1.0], [9.8, 1.0], [9.5, 1.0], [5.0, 5.0], [99.0, 0.0]]))
    assert known.tolist() == [True, True, False, False, False]


@pytest.fixture(scope='module')
def prison():
    site = read_site(ROOT / 'config/sites/prison.yaml')
    grid = occupancy_map(read_world(ROOT / 'worlds/prison.sdf'), height_m=0.5)
    keep_out = [zone.polygon for zone in site.zones if zone.kind is ZoneKind.KEEP_OUT]
    return site, Planner(grid, 0.45, PlannerSettings(), keep_out)


def test_every_waypoint_of_the_prison_is_free_and_leads_to_the_next(prison):
    site, planner = prison
    assert [name for name, at in site.waypoints.items() if not planner.is_free(at.x_m, at.y_m)] == []
    for route in site.routes.values():
        walk = [site.waypoints[name].pose for name in route.waypoints]
        for start, goal in zip(walk, walk[1:] + walk[:1], strict=True):
            path = planner.grid.to_cells(planner.plan(start, goal))
            assert segments_clear(planner.grid.lethal, path[:-1], path[1:]).all()
