import math

import numpy as np
import pytest

from lepatrol.model.geometry import Pose3
from lepatrol.model.observation import LaserScan, PointCloud
from lepatrol.simulation.description import CameraSensor
from lepatrol.simulation.weather import CoveredCamera, Fog, Glare, Night, Rain, View, Weather

LEVEL = Pose3()
CAMERA = CameraSensor('camera', Pose3(), 10.0, 'image', 'camera', 320, 240, 1.2)


def scan(ranges):
    return LaserScan(1.0, 'lidar', -math.pi, 2 * math.pi / (len(ranges) - 1), 0.1, 30.0,
                     np.asarray(ranges, dtype=np.float32))


def view(distance_m=5.0, stamp_s=1.0, pose=LEVEL):
    return View(stamp_s, CAMERA, pose, np.full((24, 32), distance_m))


def picture(level=120):
    return np.full((240, 320, 3), level, dtype=np.uint8)


def random():
    return np.random.default_rng(3)


def test_rain_sends_its_share_of_beams_back_from_near_and_never_from_behind_a_wall():
    clear = scan(np.where(np.arange(20000) % 2, 20.0, 3.0))
    wet = Rain(0.02, 1.0, 10.0).on_scan(clear, random()).ranges_m
    struck = wet != clear.ranges_m
    assert struck[1::2].mean() == pytest.approx(0.02, abs=0.004)
    assert struck[::2].mean() == pytest.approx(0.02 * 2.0 / 9.0, abs=0.002)
    assert (wet <= clear.ranges_m).all()
    assert 1.0 <= wet[struck].min() <= wet[struck].max() <= 10.0


def test_rain_strikes_beams_that_would_meet_nothing_too():
    wet = Rain(0.5).on_scan(scan([np.inf] * 400), random()).ranges_m
    assert 0.4 < np.isfinite(wet).mean() < 0.6


def test_rain_darkens_a_picture_and_draws_bright_streaks():
    wet = Rain(0.02, streaks=60).on_picture(picture(100), view(), random())
    assert np.median(wet) == pytest.approx(88, abs=1)
    assert 0.001 < (wet[..., 0] > 110).mean() < 0.1


def test_fog_loses_more_beams_the_farther_they_go_and_all_beyond_its_sight():
    for distance, share in ((2.0, 0.0016), (5.0, 1 / 16), (8.0, 0.41), (10.5, 1.0)):
        foggy = Fog(10.0).on_scan(scan([distance] * 20000), random()).ranges_m
        assert np.isinf(foggy).mean() == pytest.approx(share, abs=0.01)
        assert (foggy[np.isfinite(foggy)] == np.float32(distance)).all()


def test_fog_leaves_a_thing_too_near_to_measure_too_near():
    assert (Fog(10.0).on_scan(scan([-np.inf] * 100), random()).ranges_m == -np.inf).all()


def test_fog_fades_a_picture_to_grey_by_distance():
    near, far, sky = (Fog(10.0).on_picture(picture(20), view(d), random()).mean() for d in (1.0, 20.0, np.inf))
    assert 20 < near < 50
    assert 160 < far < 198
    assert sky == pytest.approx(200, abs=1)


def test_at_night_only_the_headlights_beam_is_bright_and_less_so_from_afar():
    near, far = (Night(0.1, 10.0).on_picture(picture(200), view(d), random()) for d in (2.0, 10.0))
    assert near[120, 160].mean() > 130 > near[5, 5].mean()
    assert far[120, 160].mean() == pytest.approx(200 * 0.2, abs=3)
    assert Night(0.1).on_picture(picture(200), view(2.0), random()).mean() == pytest.approx(20, abs=1)


def test_at_night_what_shines_by_itself_is_as_bright_as_by_day_and_nothing_else_is():
    lamp = picture(200)
    lamp[10:14, 20:24] = (255, 255, 240)
    shown = Night(0.1, brightest=0.85).on_picture(lamp, view(np.inf), random())
    assert (shown[10:14, 20:24] == (255, 255, 240)).all()
    shown[10:14, 20:24] = 0
    assert shown.max() <= 21
    assert Night(0.1).on_picture(picture(255), view(np.inf), random()).max() <= 26


def test_a_low_sun_dazzles_a_camera_that_looks_at_it_under_an_open_sky():
    glare = Glare((math.cos(0.1), 0.0, math.sin(0.1)), 1.0)
    dazzled = glare.on_picture(picture(60), view(np.inf), random())
    assert dazzled[100, 160].mean() > 230
    assert dazzled.mean() > 90
    assert (glare.on_picture(picture(60), view(5.0), random()) == 60).all()  # a wall before the sun
    away = view(np.inf, pose=Pose3.from_rpy(yaw_rad=math.pi))
    assert (glare.on_picture(picture(60), away, random()) == 60).all()


def test_a_covered_camera_shows_next_to_nothing_from_its_time_on():
    cover = CoveredCamera(5.0, 12.0)
    assert (cover.on_picture(picture(), view(stamp_s=4.9), random()) == 120).all()
    dark = cover.on_picture(picture(), view(stamp_s=5.0), random())
    assert dark.mean() == pytest.approx(12.0, abs=0.5)
    assert 1.0 < dark.std() < 3.0


def test_effects_follow_one_another_and_a_seed_repeats_them():
    weather = Weather((Fog(10.0), Rain(0.02)))
    assert weather.needs_distances
    first, again = (weather.on_picture(picture(), view(), random()) for _ in range(2))
    assert (first == again).all()
    first, again = (weather.on_scan(scan([5.0] * 360), random()).ranges_m for _ in range(2))
    assert (first == again).all()
    assert not Weather((Rain(0.1),)).needs_distances


def test_points_of_a_cloud_move_along_their_beams_to_drops_and_get_lost_in_fog():
    cloud = PointCloud(1.0, 'rows', np.tile(np.array([[6.0, 0.0, 8.0]], np.float32), (400, 1)))
    wet = Weather((Rain(0.5, 1.0, 10.0),)).on_cloud(cloud, random()).points_m
    assert len(wet) == 400
    np.testing.assert_allclose(wet[:, 2], wet[:, 0] * 8.0 / 6.0, rtol=1e-5)
    assert 150 < (np.linalg.norm(wet, axis=1) < 9.99).sum() < 250
    foggy = Weather((Fog(20.0),)).on_cloud(cloud, random()).points_m
    assert 350 < len(foggy) < 400
    assert (foggy == cloud.points_m[0]).all()
    assert Weather((Fog(9.0),)).on_cloud(cloud, random()).points_m.shape == (0, 3)


def test_effects_leave_what_they_are_given_as_it_was():
    given, clear = picture(), scan([5.0] * 360)
    for effect in (Fog(8.0), Rain(0.5), Night(0.1, 8.0), Glare((1.0, 0.0, 0.0), 1.0), CoveredCamera(0.0, 5.0)):
        effect.on_picture(given, view(np.inf), random())
        effect.on_scan(clear, random())
    assert (given == 120).all()
    assert (clear.ranges_m == 5.0).all()
