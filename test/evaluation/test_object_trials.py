"""Objects inspected on the prison's patrol road, with errors of poses, scans and pictures, against the truth."""

import dataclasses
import math

import pytest

from lepatrol import assembly
from lepatrol.evaluation.object_stage import ObjectStage, Put, tag_marks
from lepatrol.evaluation.object_trials import Trials, feed, study_from, table_of
from lepatrol.model.geometry import Pose2
from lepatrol.model.inspection import Label, ObjectShape, StudyRequest, Symbology
from lepatrol.settings.perimeter import PerimeterSettings
from lepatrol.simulation.description import Box, Cylinder, Ellipsoid
from lepatrol.surveillance import make_perimeter

SITE = assembly.load_site('prison')
BESIDE_ROAD = (30.0, -32.0)


@pytest.fixture(scope='module')
def trials():
    made = Trials(SITE)
    yield made
    made.close()


def watch(trials, folder=None):
    return make_perimeter(SITE, 'ugv', PerimeterSettings(), folder=folder, expectation=trials.expectation)


@pytest.mark.parametrize(('shape', 'expected'), [
    (Box((0.45, 0.35, 0.4)), ObjectShape.BOX), (Cylinder(0.2, 0.6), ObjectShape.CYLINDER),
    (Ellipsoid((0.35, 0.2, 0.18)), ObjectShape.BAG)])
def test_what_lies_beside_the_road_is_measured_within_5_cm_or_15_percent(trials, shape, expected):
    trial = trials.run(3, Put(shape, BESIDE_ROAD, 0.4, (0.55, 0.1, 0.1)))
    assert trial.is_good, table_of([trial])
    assert trial.estimate.shape is expected
    assert trial.estimate.colours[0].name == 'red'
    assert not trial.estimate.has_moved
    assert math.dist(trial.estimate.position_m, BESIDE_ROAD) < 0.15
    # It lies so near the fence that there is no way past it outside the ring: one side of it is seen.
    assert trial.plan.coverage_deg > 120.0
    assert len(trial.studies) == len(trial.plan.viewpoints)
    # The lidar looks 0.5 m above the ground: over what is lower.
    assert any(study.view.lidar_m for study in trial.studies) == (trial.put.size_m[2] > 0.5)
    assert trial.studies[0].view.lidar_height_m == pytest.approx(0.5, abs=0.02)


def test_what_was_seen_is_kept_masked_and_gone_on_with_after_a_restart(trials, tmp_path):
    put = Put(Box((0.5, 0.35, 0.4)), BESIDE_ROAD, 0.4, (0.55, 0.1, 0.1))
    trial = trials.run(5, put, tmp_path)
    folder = tmp_path / 'inspections' / 'trial'
    for study in trial.studies:
        assert study.view.pictures
        assert all((tmp_path / name).is_file() for name in study.view.pictures)
        assert (folder / f'view{study.view.viewpoint}.json').is_file()
    stage = ObjectStage(SITE, put, 6)
    again = watch(trials, tmp_path)
    last = trial.studies[-1].view
    study = study_from(stage, again, last.robot, last.viewpoint, BESIDE_ROAD, 0.4)
    stage.close()
    again.close()
    assert study.estimate.viewpoints == trial.estimate.viewpoints
    assert study.estimate.length_m.value == pytest.approx(trial.estimate.length_m.value, abs=0.03)


def test_a_study_waits_for_what_is_sensed_after_the_request(trials):
    put = Put(Box((0.5, 0.35, 0.4)), BESIDE_ROAD, 0.4, (0.55, 0.1, 0.1))
    stage, perimeter = ObjectStage(SITE, put, 7), watch(trials)
    request = None
    for moment in stage.stand(Pose2(35.5, -33.0, math.pi), 4):
        feed(perimeter, moment, stage.now_s)
        request = request or StudyRequest('later', BESIDE_ROAD, 0.4, 1, stage.now_s + 0.25)
        study = perimeter.study(request, stage.now_s)
        assert (study is not None) == (perimeter.picture_s is not None and perimeter.picture_s >= request.stamp_s)
    late = perimeter.study(dataclasses.replace(request, stamp_s=stage.now_s + 1.0), stage.now_s + 9.0)
    assert late.view.problem == 'there is no picture'
    assert late.view.outline is None
    stage.close()
    perimeter.close()


def test_a_label_is_read_from_near_by(trials):
    size = (0.5, 0.35, 0.4)
    put = Put(Box(size), BESIDE_ROAD, -1.2, (0.45, 0.32, 0.2), tag_marks(size, 'DICT_4X4_50', 7, 0.25))
    stage, perimeter = ObjectStage(SITE, put, 8), watch(trials)
    place = Pose2(30.0 + 2.9 * math.cos(-1.2), -32.0 + 2.9 * math.sin(-1.2), math.pi - 1.2)
    study = study_from(stage, perimeter, place, 1, BESIDE_ROAD, 0.4)
    stage.close()
    perimeter.close()
    assert study.view.labels == (Label(Symbology.ARUCO, '7', '4x4'),)
