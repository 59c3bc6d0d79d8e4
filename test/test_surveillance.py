"""What watches a robot, put together from a site and its world."""

from lepatrol import assembly
from lepatrol.settings.perimeter import PerimeterSettings
from lepatrol.simulation.expected_view import SceneView
from lepatrol.surveillance import make_expectation, make_perimeter


def test_a_shared_expectation_outlives_the_perimeters_that_use_it(monkeypatch):
    closed = []

    def note(view):
        closed.append(view)

    monkeypatch.setattr(SceneView, 'close', note)
    site = assembly.load_site('bench_yard')
    shared = make_expectation(site, assembly.load_robot('ugv', 'robot'))
    for _ in range(2):
        make_perimeter(site, 'ugv', PerimeterSettings(), expectation=shared).close()
    assert closed == []
    make_perimeter(site, 'ugv', PerimeterSettings()).close()
    assert len(closed) == 1
    shared.close()
    assert closed[1:] == [shared.view]


def test_only_a_robot_that_looks_down_has_its_pictures_from_above_compared_and_all_is_ready_at_once(monkeypatch):
    prepared = []

    def note(view):
        prepared.append(view)

    monkeypatch.setattr(SceneView, 'prepare', note)
    site = assembly.load_site('prison')
    drone, ugv = (make_perimeter(site, robot, PerimeterSettings()) for robot in ('uav', 'ugv'))
    assert drone.parts.overhead is not None
    assert ugv.parts.overhead is None
    drone.prepare()
    assert len(prepared) == 1
