"""The perimeter as it is started with the others: it finds a hole live, and loses nothing when it is killed."""

import signal

import pytest
from diagnostic_msgs.msg import DiagnosticArray
from live_nodes import DEADLINE_S
from sensor_msgs.msg import CompressedImage
from std_msgs.msg import Header, String
from visualization_msgs.msg import MarkerArray

from lepatrol import bringup
from lepatrol.model.alerts import AlertKind
from lepatrol.model.inspection import StudyRequest
from lepatrol.model.inspection_json import study_from_text, text_from_request
from lepatrol.model.track_json import tracks_from_text
from lepatrol.perception.alert_journal import as_they_stand, read_alerts
from lepatrol.ros import conversions, qos
from lepatrol.ros.operator import open_console

HOLE = """\
name: hole
about: A hole near the start.
site: prison
time: '23:00'
duration_s: 100
mission: start perimeter
fence:
  - name: hole
    at: {along: perimeter, at_m: 13, off_fence_m: 0}
    hole_m: 1.5
"""


@pytest.fixture(scope='module')
def night(tmp_path_factory):
    """Return the nodes of a patrol on which there is a hole to be found, and their folder."""
    folder = tmp_path_factory.mktemp('night')
    scenario = folder / 'hole.yaml'
    scenario.write_text(HOLE, encoding='utf-8')
    return bringup.patrol_nodes(speed=3.0, output_folder=folder, scenario=str(scenario)), folder


def breaches(alerts):
    return [alert for alert in alerts if alert.kind is AlertKind.FENCE_BREACH]


def test_a_hole_is_told_kept_and_known_again_after_a_kill(night):
    (*others, perimeter), folder = night
    with bringup.start(others, quiet=True) as running, open_console(running.check) as operator:
        seen = {}
        for kind, topic, profile in ((CompressedImage, 'live/image/compressed', qos.SENSOR),
                                     (MarkerArray, 'perimeter/tracks', qos.COMMAND),
                                     (String, 'perimeter/track_states', qos.COMMAND),
                                     (Header, 'perimeter/heartbeat', qos.COMMAND),
                                     (DiagnosticArray, 'perimeter/status', qos.LATCHED)):
            operator.node.create_subscription(
                kind, topic, lambda message, topic=topic: seen.setdefault(topic, message), profile)
        with bringup.start([perimeter], quiet=True) as watching:
            operator.wait_for('the perimeter', lambda: 'perimeter/status' in seen, deadline_s=DEADLINE_S)
            assert operator.order('start perimeter', deadline_s=DEADLINE_S) == 'ok'
            operator.wait_for('a breach', lambda: breaches(operator.alerts.values()), deadline_s=DEADLINE_S)
            # At once: from farther along its way the robot would not see the hole again.
            assert operator.order('stop', deadline_s=DEADLINE_S) == 'ok'
            operator.wait_for('pictures and tracks', lambda: len(seen) == 5, deadline_s=DEADLINE_S)
            assert isinstance(tracks_from_text(seen['perimeter/track_states'].data), tuple)
            (process,) = watching.processes
            process.send_signal(signal.SIGKILL)
            process.wait(timeout=DEADLINE_S)
        (told,) = breaches(operator.alerts.values())
        (kept,) = breaches(as_they_stand(read_alerts(folder / 'alerts.jsonl')))
        assert (kept.alert_id, kept.about) == (told.alert_id, told.about)
        assert all((folder / name).is_file() for name in kept.evidence)
        updates = kept.updates
        with bringup.start([perimeter], quiet=True):
            operator.wait_for(
                'the same alert again',
                lambda: any(alert.updates > updates for alert in breaches(operator.alerts.values())),
                deadline_s=DEADLINE_S)
        assert {alert.alert_id for alert in breaches(operator.alerts.values())} == {told.alert_id}


def test_the_live_picture_is_one_and_what_is_asked_of_an_object_is_answered(night):
    (*others, perimeter), _ = night
    with bringup.start([*others, perimeter], quiet=True) as running, open_console(running.check) as operator:
        pictures = []
        operator.node.create_subscription(CompressedImage, 'live/image/compressed', pictures.append, qos.SENSOR)
        operator.wait_for('a picture', lambda: bool(pictures), deadline_s=DEADLINE_S)
        assert pictures[0].format == 'jpeg'
        stamp_s = conversions.time_from_ros(pictures[0].header.stamp)
        assert stamp_s > 0.0
        views = []
        operator.node.create_subscription(String, 'inspection/view', views.append, qos.ALERTS)
        asked = operator.node.create_publisher(String, 'inspection/request', qos.COMMAND)
        operator.wait_for('a listener', lambda: asked.get_subscription_count() > 0, deadline_s=DEADLINE_S)
        asked.publish(String(data=text_from_request(StudyRequest('nothing', (0.0, 0.0), 0.4, 1, stamp_s))))
        operator.wait_for('a view', lambda: bool(views), deadline_s=DEADLINE_S)
        assert study_from_text(views[0].data).view.inspection_id == 'nothing'
        codes = running.stop()
    assert set(codes.values()) == {0}
