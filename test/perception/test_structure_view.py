"""Fences and gates as a drone sees them from above: standing, cut, gone, in any light."""

import math

import pytest
from camera_stage import Eye, dark, low_sun, model, person, with_models, yard

from lepatrol.model.geometry import Pose3
from lepatrol.model.site import Structure, StructureKind
from lepatrol.perception.overhead_look import OverheadCamera
from lepatrol.settings.camera_anomaly import CameraAnomalySettings
from lepatrol.settings.overhead import OverheadSettings
from lepatrol.simulation.expected_view import SceneView

PANELS = tuple(
    Structure(f'panel{i}', StructureKind.FENCE, (0.05 + 3.0 * i, 5.0), (2.95 + 3.0 * i, 5.0)) for i in range(8))
GATE = Structure('leaf', StructureKind.GATE, (12.5, -4.0), (14.5, -4.0))
LEAF = model('leaf', 13.5, -4.0, ((2.0, 0.1, 2.0), 1.0, (0.5, 0.12, 0.1)))
WORLD = with_models(yard(), LEAF)


def above(x, y=0.7, height=8.0, yaw=0.0):
    return Pose3.from_rpy(x, y, height, pitch_rad=math.pi / 2.0, yaw_rad=yaw)


@pytest.fixture(scope='module')
def expected():
    view = SceneView(WORLD, [each.name for each in (*PANELS, GATE)])
    yield view
    view.close()


def flight(expected, world, *, y=0.7, height=8.0, error_rad=0.0, pictures=14):
    """Fly along the fence and return all looks."""
    camera = OverheadCamera(expected, (*PANELS, GATE), CameraAnomalySettings(), OverheadSettings())
    eye = Eye(world)
    looks = []
    for number in range(pictures):
        x = 8.0 + 0.5 * number
        image = eye.shoot(10.0 + 0.1 * number, above(x, y, height=height))
        looks.append(camera.look(image, above(x, y, height=height, yaw=error_rad)))
    eye.view.close()
    return looks


def seen(looks):
    return {gap.structure for look in looks for gap in look.gaps}


def test_a_whole_fence_and_a_shut_gate_are_seen_standing(expected):
    looks = flight(expected, WORLD)
    assert seen(looks) == set()
    standing = {name for look in looks for name in look.seen_standing}
    assert {'panel2', 'panel3', 'leaf'} <= standing
    assert not any(look.sightings for look in looks)


@pytest.mark.parametrize('error_rad', [-0.0175, 0.0, 0.0175])
def test_a_missing_panel_is_a_gap_of_its_width_in_its_place(expected, error_rad):
    looks = flight(expected, with_models(WORLD, without=('panel3',)), error_rad=error_rad)
    assert seen(looks) == {'panel3'}
    gaps = [gap for look in looks for gap in look.gaps]
    assert len(gaps) >= 4
    for gap in gaps:
        assert gap.width_m == pytest.approx(2.9, abs=0.35)
        assert (gap.start_m[0] + gap.end_m[0]) / 2.0 == pytest.approx(10.5, abs=0.2)
        assert gap.depth_m > 0.4
    assert not any('panel3' in look.seen_standing for look in looks)


def test_what_lies_behind_a_missing_panel_is_no_thing(expected):
    looks = flight(expected, with_models(WORLD, without=('panel3',)))
    assert not any(look.sightings for look in looks)


def test_a_hole_as_wide_as_somebody_who_climbs_through_is_found(expected):
    rest = [model('rest1', 9.6, 5.0, ((1.1, 0.02, 2.75), 1.4, (0.3, 0.45, 0.4, 0.55))),
            model('rest2', 11.3, 5.0, ((1.0, 0.02, 2.75), 1.4, (0.3, 0.45, 0.4, 0.55)))]
    looks = flight(expected, with_models(WORLD, *rest, without=('panel3',)))
    widths = [gap.width_m for look in looks for gap in look.gaps]
    assert widths
    assert all(width == pytest.approx(0.65, abs=0.25) for width in widths)


@pytest.mark.parametrize('gone', ['panel3', 'leaf'])
def test_another_light_hides_no_gap(expected, gone):
    assert seen(flight(expected, low_sun(with_models(WORLD, without=(gone,))))) == {gone}


@pytest.mark.parametrize('light', [dark, low_sun])
def test_another_light_makes_no_gap(expected, light):
    assert seen(flight(expected, light(WORLD))) == set()


def test_in_the_dark_a_gap_is_seen_where_what_lies_behind_it_has_another_brightness(expected):
    assert seen(flight(expected, dark(with_models(WORLD, without=('leaf',))))) == {'leaf'}


def test_from_over_its_own_line_a_fence_is_not_judged(expected):
    looks = flight(expected, with_models(WORLD, without=('panel3',)), y=4.0)
    assert seen(looks) == set()


def test_a_gate_that_is_not_there_is_open(expected):
    assert seen(flight(expected, with_models(WORLD, without=('leaf',)))) == {'leaf'}


def test_who_stands_before_a_fence_makes_no_gap(expected):
    assert seen(flight(expected, with_models(WORLD, person(10.5, 4.4)))) == set()


def test_a_gap_that_the_edge_of_the_picture_cuts_is_not_told(expected):
    for look in flight(expected, with_models(WORLD, without=('panel3',)), pictures=4):
        for gap in look.gaps:
            assert gap.width_m == pytest.approx(2.9, abs=0.35)


def test_a_structure_out_of_the_picture_is_not_judged(expected):
    looks = flight(expected, with_models(WORLD, without=('panel7',)), pictures=3)
    assert seen(looks) == set()
    assert not any('panel7' in look.seen_standing for look in looks)
