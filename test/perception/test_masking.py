"""Heads and privacy zones are hidden, whatever is known or not; what cannot be a head stays sharp."""

import math

import numpy as np
import pytest

from lepatrol.model.errors import ObservationError
from lepatrol.model.findings import SensorKind, Sighting, ThingKind
from lepatrol.model.geometry import Pose3
from lepatrol.model.observation import CameraImage, CameraInfo, LaserScan
from lepatrol.model.site import Zone, ZoneKind
from lepatrol.perception.clearance import clear_columns
from lepatrol.perception.masking import Masker
from lepatrol.settings.privacy import PrivacySettings

INFO = CameraInfo.from_horizontal_fov(320, 240, 1.2)
# Every pixel is unlike its neighbours: what is left as it was is not masked.
NOISE = np.random.default_rng(1).integers(0, 256, (240, 320, 3), dtype=np.uint8)
CAMERA = Pose3.from_rpy(0.0, 0.0, 1.2)
LIDAR = Pose3.from_rpy(-0.2, 0.0, 0.5)
NOTHING = np.zeros((240, 320), dtype=bool)


def hidden(
    pose=CAMERA, sightings=(), foreground=NOTHING, detections=(), *, zones=(), scan='of a round room', **settings,
):
    """Return which pixels are masked, with nothing within 8 m unless told otherwise."""
    masker = Masker(PrivacySettings(**settings), zones)
    if scan == 'of a round room':
        scan = None if foreground is None or pose is None else (ring_scan(8.0), pose)
    masked = masker.mask(CameraImage(5.0, 'eye', NOISE, INFO), pose, sightings, foreground, detections, scan=scan)
    return (masked != NOISE).any(axis=2)


def hidden_as_zone(pose=CAMERA, zones=(), **settings):
    """Return which pixels zones change beyond what is hidden anyway."""
    pictures = [
        Masker(PrivacySettings(zone_block_m=3.0, **settings), zones).mask(
            CameraImage(5.0, 'eye', NOISE, INFO), pose, scan=(ring_scan(8.0), pose)) for zones in (zones, ())]
    return (pictures[0] != pictures[1]).any(axis=2)


def pixel(x_m, y_m, z_m, pose=CAMERA):
    """Return column and row of a place of the map by the pinhole model alone."""
    ahead, left, up = pose.inverse().transform(np.array([x_m, y_m, z_m]))
    return INFO.cx - INFO.fx * left / ahead, INFO.cy - INFO.fy * up / ahead


def box_of(x_m, y_m, width_m, low_m, high_m, pose=CAMERA):
    left, top = pixel(x_m, y_m + width_m / 2.0, high_m, pose)
    right, bottom = pixel(x_m, y_m - width_m / 2.0, low_m, pose)
    return (max(0, math.floor(left)), max(0, math.floor(top)), min(320, math.ceil(right)), min(240, math.ceil(bottom)))


def blob(*boxes):
    foreground = NOTHING.copy()
    for left, top, right, bottom in boxes:
        foreground[top:bottom, left:right] = True
    return foreground


def part(picture, box):
    left, top, right, bottom = box
    return picture[top:bottom, left:right]


def sighting(x_m, y_m, kind=ThingKind.PERSON, **changes):
    facts = {'stamp_s': 5.0, 'sensor': SensorKind.LIDAR, 'position_m': (x_m, y_m), 'deviation_m': 0.05,
             'seen_from_m': (0.0, 0.0), 'kind': kind, 'confidence': 0.9}
    return Sighting(**{**facts, **changes})


def ring_scan(range_m, at=None):
    """Return a scan of a round room, with things (bearing in degrees, half width in degrees, range) in it."""
    degrees = np.arange(-180.0, 180.0)
    ranges = np.full(360, range_m, dtype=np.float32)
    for bearing, half, near_m in at or ():
        ranges[np.abs(degrees - bearing) <= half] = near_m
    return LaserScan(5.0, 'lidar', -math.pi, math.radians(1.0), 0.1, 30.0, ranges)


@pytest.mark.parametrize('pose', [None, Pose3((math.nan, 0.0, 1.2)), Pose3((0.0, 0.0, 1.2), (math.inf, 0.0, 0.0, 0.0))])
def test_without_a_pose_everything_is_hidden(pose):
    assert hidden(pose).all()


@pytest.mark.parametrize('distance_m', [1.0, 2.0, 3.5, 5.0, 7.0, 10.0, 15.0, 24.0])
@pytest.mark.parametrize(('height_m', 'chin_m'), [(1.2, 1.0), (1.75, 1.5), (1.95, 1.7)])
def test_the_head_of_whoever_stands_in_the_foreground_is_hidden(distance_m, height_m, chin_m):
    masked = hidden(foreground=blob(box_of(distance_m, 0.2, 0.5, 0.0, height_m)))
    assert part(masked, box_of(distance_m, 0.2, 0.3, chin_m, height_m)).all()


@pytest.mark.parametrize('seen', [(0.0, 0.9), (1.0, 1.75), (1.5, 1.75), (0.0, 1.4)])
def test_a_head_is_hidden_though_the_foreground_has_holes(seen):
    masked = hidden(foreground=blob(box_of(4.0, 0.0, 0.5, *seen)))
    assert part(masked, box_of(4.0, 0.0, 0.25, 1.5, 1.75)).all()


def test_a_child_before_an_adult_is_hidden_too():
    child, adult = box_of(3.0, 0.0, 0.4, 0.0, 1.2), box_of(4.0, 0.1, 0.5, 0.0, 1.95)
    assert part(hidden(foreground=blob(child, adult)), box_of(3.0, 0.0, 0.25, 0.95, 1.2)).all()


def test_whoever_climbs_a_fence_is_hidden():
    masked = hidden(foreground=blob(box_of(6.0, 0.0, 0.5, 1.6, 3.3)))
    assert part(masked, box_of(6.0, 0.0, 0.25, 3.0, 3.3)).all()


def test_a_leg_is_left_and_so_is_a_bag():
    bag = box_of(4.0, 0.6, 0.5, 0.0, 0.35)
    masked = hidden(foreground=blob(box_of(4.0, -0.6, 0.5, 0.0, 1.75), bag))
    assert not part(masked, bag).any()
    assert not part(masked, box_of(4.0, -0.6, 0.4, 0.0, 0.3)).any()


def test_heads_far_away_are_hidden_with_no_foreground_at_all():
    masked = hidden()
    for distance_m in (8.0, 12.0, 20.0, 38.0):
        assert part(masked, box_of(distance_m, 0.5, 0.3, 0.9, 1.95)).all()
    assert not masked[160:].any()


@pytest.mark.parametrize('tilt', [{'pitch_rad': 0.25}, {'pitch_rad': -0.2}, {'roll_rad': 0.3}])
def test_masks_follow_the_cameras_tilt(tilt):
    pose = Pose3.from_rpy(3.0, -2.0, 1.2, yaw_rad=0.7, **tilt)
    ahead = pose.planar()
    for distance_m in (4.0, 10.0):
        x, y = ahead.x_m + distance_m * math.cos(0.7), ahead.y_m + distance_m * math.sin(0.7)
        u, v = pixel(x, y, 1.65, pose)
        _, foot = pixel(x, y, 0.0, pose)
        person = blob((int(u) - 10, max(0, int(v) - 3), int(u) + 10, min(240, int(foot))))
        assert hidden(pose, foreground=person)[max(0, int(v)), int(u)]
        assert hidden(pose, foreground=None)[max(0, int(v)), int(u)]


@pytest.mark.parametrize('kind', [ThingKind.PERSON, ThingKind.UNKNOWN])
@pytest.mark.parametrize(('x_m', 'y_m'), [(2.0, 0.3), (5.0, -1.0), (7.0, 2.0)])
def test_a_sighted_head_is_hidden_with_no_foreground_at_all(kind, x_m, y_m):
    masked = hidden(sightings=[sighting(x_m, y_m, kind)])
    assert part(masked, box_of(x_m, y_m, 0.4, 1.0, 2.0)).all()
    assert masked.mean() < 0.75


def test_what_is_surely_no_person_is_not_hidden_for_its_sighting():
    bare = hidden()
    assert np.array_equal(hidden(sightings=[sighting(3.0, 0.0, ThingKind.OBJECT)]), bare)
    assert hidden(sightings=[sighting(3.0, 0.0, ThingKind.OBJECT, confidence=0.4)]).sum() > bare.sum()


@pytest.mark.parametrize('change', [{'deviation_m': 0.5}, {'stamp_s': 4.8}])
def test_the_less_is_known_of_a_place_the_more_is_hidden(change):
    assert hidden(sightings=[sighting(5.0, 0.0, **change)]).sum() > hidden(sightings=[sighting(5.0, 0.0)]).sum()


@pytest.mark.parametrize('place', [{'position_m': (0.3, 0.1)}, {'position_m': (math.nan, 0.0)}, {'deviation_m': 1e9}])
def test_a_sighting_at_the_camera_or_nowhere_hides_all_rows_with_heads(place):
    assert np.array_equal(hidden(sightings=[sighting(5.0, 0.0, **place)]), hidden(foreground=None))


def test_a_sighting_behind_the_camera_hides_nothing():
    assert np.array_equal(hidden(sightings=[sighting(-5.0, 0.0)]), hidden())


def test_the_upper_part_of_a_detectors_box_is_hidden():
    masked = hidden(detections=[(100, 150, 140, 230)])
    assert masked[150:176, 100:140].all()
    assert not masked[200:, 100:140].any()


def test_where_the_foreground_is_not_known_all_rows_with_heads_are_hidden():
    masked = hidden(foreground=None, nearest_m=2.0)
    for distance_m in (2.0, 5.0, 30.0):
        assert part(masked, box_of(distance_m, 0.0, 0.5, 0.8, 3.0)).all()
    assert not masked[190:].any()


def test_of_a_person_of_whom_the_foreground_shows_the_breast_alone_the_head_is_hidden():
    masked = hidden(foreground=blob(box_of(5.0, 0.0, 0.4, 1.0, 1.35)))
    assert part(masked, box_of(5.0, 0.0, 0.25, 1.5, 1.75)).all()


def test_a_foreground_in_countless_pieces_is_not_followed():
    dots = NOTHING.copy()
    dots[4::8, 4::8] = dots[4::8, 5::8] = dots[5::8, 4::8] = dots[5::8, 5::8] = True
    assert np.array_equal(hidden(foreground=dots), hidden())


def test_a_scan_tells_how_near_anybody_can_be():
    person = (10.0, 6.0, 2.5)
    masked = hidden(foreground=None, scan=(ring_scan(8.0, [person]), LIDAR))
    assert part(masked, box_of(2.3, 0.4, 0.3, 0.9, 1.3)).all()
    assert part(masked, box_of(8.0, -1.0, 0.3, 0.9, 1.9)).all()
    assert not masked[165:, 200:].any()


@pytest.mark.parametrize('range_m', [math.inf, -math.inf, math.nan, 0.0])
def test_a_beam_that_tells_nothing_clears_nothing(range_m):
    scan = ring_scan(8.0)
    scan.ranges_m[:] = range_m
    assert not clear_columns(INFO, CAMERA, scan, LIDAR, spread_rad=0.05).any()
    assert np.array_equal(hidden(foreground=None, scan=(scan, LIDAR)), hidden(foreground=None))


def test_columns_are_clear_up_to_what_the_beams_beside_them_hit():
    clear_m = clear_columns(INFO, CAMERA, ring_scan(8.0, [(0.0, 0.0, 3.0)]), LIDAR, spread_rad=math.radians(3.0))
    assert clear_m[160] == pytest.approx(2.8, abs=0.01)
    assert clear_m[[0, 319]] == pytest.approx(7.8, abs=0.1)
    near = np.flatnonzero(clear_m < 5.0)
    assert np.degrees(np.arctan((near[-1] - near[0]) / 2.0 / INFO.fx)) == pytest.approx(3.0, abs=0.3)


@pytest.mark.parametrize('tilt_rad', [-0.5, 0.3, 0.45, 0.6])
def test_a_tilted_camera_hides_heads_though_the_scan_has_their_legs_in_another_column(tilt_rad):
    rng = np.random.default_rng(0)
    pose = Pose3.from_rpy(0.0, 0.0, 1.2, pitch_rad=tilt_rad, yaw_rad=1.2)
    seen = 0
    while seen < 60:
        away_m, bearing_rad, height_m = rng.uniform(0.8, 3.0), 1.2 + rng.uniform(-0.7, 0.7), rng.uniform(0.8, 1.7)
        x, y = away_m * math.cos(bearing_rad), away_m * math.sin(bearing_rad)
        if pose.inverse().transform(np.array([x, y, height_m]))[0] < 0.1:
            continue
        u, v = pixel(x, y, height_m, pose)
        if 0 <= u < 320 and 0 <= v < 240:
            seen += 1
            leg = (math.degrees(bearing_rad), math.degrees(0.06 / away_m), away_m - 0.1)
            lidar = Pose3.from_rpy(0.0, 0.0, 0.5)
            assert hidden(pose, scan=(ring_scan(8.0, [leg]), lidar))[int(v), int(u)], (away_m, bearing_rad, height_m)


def test_a_tilted_cameras_columns_are_clear_as_far_as_a_level_ones():
    scan = ring_scan(8.0, [(0.0, 20.0, 3.0)])
    level = clear_columns(INFO, CAMERA, scan, CAMERA, spread_rad=0.05)
    pitched = Pose3.from_rpy(0.0, 0.0, 1.2, pitch_rad=0.3)
    tilted = clear_columns(INFO, pitched, scan, CAMERA, spread_rad=0.05)
    assert tilted[160] == pytest.approx(level[160])
    assert set(np.round(tilted, 3)) == set(np.round(level, 3)) == {3.0, 8.0}
    assert not clear_columns(
        INFO, Pose3.from_rpy(0.0, 0.0, 1.2, pitch_rad=1.4), scan, CAMERA, spread_rad=0.05).any()


def test_a_head_is_at_most_as_many_blocks_wide_as_set():
    for distance_m in (1.0, 2.0, 4.0, 6.0):
        masker = Masker(PrivacySettings(), ())
        foreground = blob(box_of(distance_m, 0.0, 0.5, 0.0, 1.75))
        masked = masker.mask(
            CameraImage(5.0, 'eye', NOISE, INFO), CAMERA, (), foreground, scan=(ring_scan(8.0), LIDAR))
        head = part(masked, box_of(distance_m, 0.0, 0.25, 1.5, 1.75)).astype(int)
        edges = (np.diff(head, axis=1) != 0).any(axis=(0, 2)).sum()
        assert edges <= 3, distance_m


ZONE = Zone('cells', ZoneKind.PRIVACY, ((10.0, -4.0), (20.0, -4.0), (20.0, 4.0), (10.0, 4.0)))


def test_the_walls_of_a_privacy_zone_are_hidden_up_to_their_height():
    masked = hidden_as_zone(zones=[ZONE], zone_height_m=3.0)
    assert part(masked, box_of(10.0, 0.0, 8.0, 0.0, 3.0)).mean() > 0.99
    assert not part(masked, box_of(10.0, 0.0, 8.0, 3.6, 5.0)).any()
    assert not masked[:, :40].any()
    assert not masked[200:].any()


def test_the_direction_in_which_a_zone_is_drawn_does_not_matter():
    turned = Zone('cells', ZoneKind.PRIVACY, ZONE.polygon[::-1])
    assert np.array_equal(hidden_as_zone(zones=[turned]), hidden_as_zone(zones=[ZONE]))


@pytest.mark.parametrize('pose', [Pose3.from_rpy(10.0, 5.0, 1.2, yaw_rad=-0.6), Pose3.from_rpy(9.5, 0.0, 1.2)])
def test_a_zone_that_reaches_out_of_the_picture_is_hidden_as_far_as_it_is_in_it(pose):
    masked = hidden_as_zone(pose, [ZONE])
    u, v = pixel(15.0, 4.0 if pose.position_m[1] > 4.0 else 0.0, 2.0, pose)
    assert masked[int(v) - 2:int(v) + 3, int(u) - 2:int(u) + 3].mean() > 0.9


def test_from_within_a_privacy_zone_everything_is_hidden():
    assert hidden(Pose3.from_rpy(15.0, 0.0, 1.2), zones=[ZONE]).all()


def test_other_zones_and_those_behind_the_camera_hide_nothing():
    public = Zone('court', ZoneKind.PUBLIC, ZONE.polygon)
    assert not hidden_as_zone(zones=[public]).any()
    assert not hidden_as_zone(Pose3.from_rpy(yaw_rad=math.pi, z_m=1.2), [ZONE]).any()


@pytest.mark.parametrize('shape', [(240, 321), (320, 240), (0, 0), (240, 320, 1)])
def test_a_foreground_of_another_size_is_refused(shape):
    with pytest.raises(ObservationError, match=r'foreground: shape .*expected that of the picture, \(240, 320\)'):
        hidden(foreground=np.zeros(shape, dtype=bool))


def from_above(height_m, zones=(), pose=None):
    """Return a picture of noise, masked as one from above."""
    pose = pose or Pose3.from_rpy(0.0, 0.0, height_m, pitch_rad=math.pi / 2.0)
    return Masker(PrivacySettings(), zones).mask_from_above(CameraImage(5.0, 'eye', NOISE, INFO), pose)


def edges(rgb):
    """Return the distances between edges of blocks in the first row."""
    return np.diff(np.flatnonzero((np.diff(rgb[0].astype(int), axis=0) != 0).any(axis=1)))


@pytest.mark.parametrize('height_m', [1.0, 4.0, 8.0, 20.0])
def test_from_above_nothing_is_left_as_it_was_and_no_head_is_wider_than_three_blocks(height_m):
    masked = from_above(height_m)
    assert (masked != NOISE).any(axis=2).mean() > 0.99
    nearest_m = max(height_m - 2.1, 0.8)
    assert edges(masked).min() >= min(INFO.fx * 0.25 / nearest_m / 2.5, INFO.fx * 0.25 / 0.8 / 2.5) - 1.0


def test_from_above_a_place_that_nobody_knows_is_hidden_as_coarsely_as_can_be():
    masker = Masker(PrivacySettings(), ())
    unknown = masker.mask_from_above(CameraImage(5.0, 'eye', NOISE, INFO), None)
    lost = from_above(8.0, pose=Pose3((math.nan, 0.0, 8.0)))
    assert np.array_equal(unknown, lost)
    assert edges(unknown).max() > edges(from_above(8.0)).max()


def test_a_privacy_zone_is_hidden_from_above_it_too():
    zone = Zone('cells', ZoneKind.PRIVACY, ((1.0, -2.0), (4.0, -2.0), (4.0, 2.0), (1.0, 2.0)))
    high = Pose3.from_rpy(-3.0, 0.0, 14.0, pitch_rad=math.radians(50.0))
    masker = [Masker(PrivacySettings(zone_block_m=3.0), zones) for zones in ((zone,), ())]
    pictures = [each.mask_zones(CameraImage(5.0, 'eye', NOISE, INFO), high) for each in masker]
    changed = (pictures[0] != pictures[1]).any(axis=2)
    for x_m, y_m, z_m in ((1.5, 0.0, 10.0), (2.5, -1.0, 10.0), (3.5, 1.0, 10.0)):
        column, row = pixel(x_m, y_m, z_m, high)
        assert changed[int(row), int(column)]
