"""The perimeter node: watches one robot's sensors and tells what should not be there."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from diagnostic_msgs.msg import DiagnosticArray
from geometry_msgs.msg import PoseWithCovarianceStamped, Twist
from nav_msgs.msg import OccupancyGrid, Odometry
from sensor_msgs.msg import CameraInfo, CompressedImage, Image, JointState, LaserScan
from std_msgs.msg import Header, String
from visualization_msgs.msg import MarkerArray

from lepatrol import assembly, surveillance
from lepatrol.model.alerts import Alert
from lepatrol.model.errors import LepatrolError
from lepatrol.model.inspection import StudyRequest
from lepatrol.model.inspection_json import request_from_text, text_from_study
from lepatrol.model.mission import MissionState
from lepatrol.model.observation import CameraImage
from lepatrol.model.track_json import text_from_tracks
from lepatrol.perception.annotate import annotate
from lepatrol.perception.overhead_look import CAMERA_DOWN
from lepatrol.perception.pipeline import Perimeter
from lepatrol.ros import conversions, parameters, qos
from lepatrol.ros.log import ros_logger
from lepatrol.ros.runner import LepatrolNode, run_node
from lepatrol.settings.perimeter import PerimeterSettings
from lepatrol.settings.starting import PerimeterStart

M = TypeVar('M')

_JUDGE_PERIOD_S = 0.5
_STATUS_PERIOD_S = 1.0
_TRACKS_PERIOD_S = 0.4
_PUNCTUAL = 0.95
"""A picture that comes this share of its period after the last one is in time."""


class PerimeterNode(LepatrolNode):
    """Sensors in; alerts, tracks, the masked live stream and the state of the sensors out.

    Pictures are masked before anything else is done with them; what the camera sent leaves memory in no other form.
    """

    def __init__(self) -> None:
        """Declare the parameters, read what the site ought to look like, connect."""
        super().__init__('perimeter')
        settings = parameters.declare(self, PerimeterSettings)
        self._start = parameters.declare(self, PerimeterStart)
        self._site = assembly.load_site(self._start.site)
        self._settings = settings
        self._robot_name = self.get_namespace().strip('/') or 'robot'
        self._perimeter: Perimeter | None = None
        self._info: CameraInfo | None = None
        self._asked: StudyRequest | None = None
        self._down_info: CameraInfo | None = None
        self._told_s = self._beaten_s = self._marked_s = self._shown_s = -math.inf
        self._looked_s = self._looked_down_s = -math.inf
        self._alerts = self.create_publisher(DiagnosticArray, 'perimeter/alerts', qos.ALERTS)
        self._tracks = self.create_publisher(MarkerArray, 'perimeter/tracks', qos.COMMAND)
        self._track_states = self.create_publisher(String, 'perimeter/track_states', qos.COMMAND)
        self._markers = self.create_publisher(MarkerArray, 'perimeter/markers', qos.COMMAND)
        self._status = self.create_publisher(DiagnosticArray, 'perimeter/status', qos.LATCHED)
        self._heartbeat = self.create_publisher(Header, 'perimeter/heartbeat', qos.COMMAND)
        self._stream = self.create_publisher(CompressedImage, 'live/image/compressed', qos.SENSOR_SOURCE)
        self._views = self.create_publisher(String, 'inspection/view', qos.ALERTS)
        if self._start.baseline == 'world':
            self._perimeter = self._make(None)
            self._perimeter.prepare()
        self.listen(OccupancyGrid, '/map', self._on_map, qos.LATCHED)
        self.listen(LaserScan, 'scan', self._watched('lidar', self._on_scan), qos.SENSOR)
        self.listen(CameraInfo, 'camera/camera_info', self._on_camera_info, qos.SENSOR)
        self.listen(Image, 'camera/image_raw', self._watched('camera', self._on_image), qos.SENSOR)
        if down := assembly.down_topic(assembly.load_robot(self._start.robot, self._robot_name)):
            self.listen(CameraInfo, f'{down.rpartition("/")[0]}/camera_info', self._on_down_info, qos.SENSOR)
            self.listen(Image, down, self._watched(CAMERA_DOWN, self._on_image_from_above), qos.SENSOR)
        self.listen(PoseWithCovarianceStamped, 'pose', self._watched('pose', self._on_pose), qos.SENSOR)
        self.listen(Odometry, 'odom', self._watched('odometry', self._on_odometry), qos.SENSOR)
        self.listen(JointState, 'joint_states', self._watched('joints', self._on_joints), qos.SENSOR)
        self.listen(Twist, 'cmd_vel', self._on_command, qos.COMMAND)
        self.listen(DiagnosticArray, 'navigator/feedback', self._on_feedback, qos.LATCHED)
        self.listen(DiagnosticArray, 'patrol/status', self._on_status, qos.LATCHED)
        self.listen(String, 'inspection/request', self._on_request, qos.COMMAND)
        self.create_timer(_JUDGE_PERIOD_S, self._judge)

    def close(self) -> None:
        """Free what draws expected views."""
        if self._perimeter:
            self._perimeter.close()

    def _make(self, message: OccupancyGrid | None) -> Perimeter:
        start = self._start
        occupancy = None if message is None else conversions.map_from_ros(message)
        return surveillance.make_perimeter(
            self._site, start.robot, self._settings, robot_name=self._robot_name, occupancy=occupancy,
            clock_start=start.clock_start, folder=Path(start.output_folder),
            references=Path(start.reference_folder) if start.reference_folder else None, logger=ros_logger(self))

    def _watched(self, sensor: str, callback: Callable[[M], None]) -> Callable[[M], None]:
        """Return a callback whose sensor is complained of where its message cannot be read."""

        def guarded(message: M) -> None:
            try:
                callback(message)
            except LepatrolError as error:
                if self._perimeter:
                    self._perimeter.on_unreadable(sensor, str(error), self.now_s)
                raise

        return guarded

    def _on_map(self, message: OccupancyGrid) -> None:
        if self._start.baseline == 'map' and self._perimeter is None:
            self._perimeter = self._make(message)

    def _on_scan(self, message: LaserScan) -> None:
        if self._perimeter:
            self._tell(self._perimeter.on_scan(conversions.scan_from_ros(message), self.now_s))
            self._beat(self._perimeter.looked_s)
            self._mark(self._perimeter)
            self._study()

    def _on_camera_info(self, message: CameraInfo) -> None:
        self._info = message

    def _on_image(self, message: Image) -> None:
        # Without its camera model a picture cannot be said to show any place; the driver sends both.
        if self._perimeter is None or self._info is None:
            return
        stamp_s = conversions.time_from_ros(message.header.stamp)
        if 0.0 <= stamp_s - self._looked_s < _PUNCTUAL / self._start.camera_rate_hz:
            return
        self._looked_s = stamp_s
        image: CameraImage = conversions.image_from_ros(message, conversions.camera_info_from_ros(self._info))
        self._tell(self._perimeter.on_image(image, self.now_s))
        self._mark(self._perimeter)
        self._show(self._perimeter)
        self._study()

    def _on_down_info(self, message: CameraInfo) -> None:
        self._down_info = message

    def _on_image_from_above(self, message: Image) -> None:
        if self._perimeter is None or self._down_info is None:
            return
        stamp_s = conversions.time_from_ros(message.header.stamp)
        if 0.0 <= stamp_s - self._looked_down_s < _PUNCTUAL / self._start.camera_rate_hz:
            return
        self._looked_down_s = stamp_s
        image = conversions.image_from_ros(message, conversions.camera_info_from_ros(self._down_info))
        self._tell(self._perimeter.on_image_from_above(image, self.now_s))

    def _on_pose(self, message: PoseWithCovarianceStamped) -> None:
        if self._perimeter:
            self._perimeter.on_pose(conversions.pose_estimate_from_ros(message), self.now_s)

    def _on_odometry(self, message: Odometry) -> None:
        if self._perimeter:
            self._tell(self._perimeter.on_odometry(conversions.odometry_from_ros(message), self.now_s))
            self._beat(self._perimeter.looked_s)
            self._show(self._perimeter)

    def _on_joints(self, message: JointState) -> None:
        if self._perimeter:
            self._tell(self._perimeter.on_joints(conversions.joint_positions_from_ros(message), self.now_s))

    def _on_command(self, message: Twist) -> None:
        if self._perimeter:
            self._perimeter.on_command(conversions.twist_from_ros(message))

    def _on_feedback(self, message: DiagnosticArray) -> None:
        if self._perimeter:
            self._perimeter.on_driving(conversions.feedback_from_ros(message).state.is_driving)

    def _on_status(self, message: DiagnosticArray) -> None:
        if self._perimeter:
            status = conversions.mission_status_from_ros(message)
            self._perimeter.on_acting(status.waypoint if status.state is MissionState.ACTING else '')

    def _on_request(self, message: String) -> None:
        """Take what is to be studied; a newer request stands for an older one that was not answered."""
        self._asked = request_from_text(message.data)
        self._study()

    def _study(self) -> None:
        """Answer what was asked, as soon as enough was seen since."""
        if self._perimeter is None or self._asked is None:
            return
        study = self._perimeter.study(self._asked, self.now_s)
        if study is not None:
            self._asked = None
            self._views.publish(String(data=text_from_study(study)))

    def _judge(self) -> None:
        """Judge what is known without a new message: a silent sensor sends none."""
        if self._perimeter is None:
            return
        self._tell(self._perimeter.judge(self.now_s))
        self._study()
        if not 0.0 <= self.now_s - self._told_s < _STATUS_PERIOD_S:
            self._told_s = self.now_s
            self._status.publish(conversions.complaints_to_ros(
                self._perimeter.complaints, self.now_s, self._robot_name))

    def _mark(self, perimeter: Perimeter) -> None:
        """Publish what is followed, for eyes and as data, no more often than either needs it."""
        if 0.0 <= self.now_s - self._marked_s < _TRACKS_PERIOD_S:
            return
        self._marked_s = self.now_s
        self._tracks.publish(conversions.tracks_to_ros(perimeter.tracks, self.now_s, gone=perimeter.take_gone()))
        self._track_states.publish(String(data=text_from_tracks(perimeter.tracks)))

    def _beat(self, looked_s: float | None) -> None:
        """Say up to which scan everything has been looked at: a simulator waits for it, a watchdog may listen."""
        if looked_s is not None and looked_s != self._beaten_s:
            self._beaten_s = looked_s
            self._heartbeat.publish(Header(stamp=conversions.time_to_ros(looked_s)))

    def _tell(self, alerts: list[Alert]) -> None:
        if not alerts:
            return
        self._alerts.publish(conversions.alerts_to_ros(alerts, self.now_s))
        self._markers.publish(conversions.alert_markers_to_ros(alerts, self.now_s))
        for alert in alerts:
            if alert.updates == 0:
                self.get_logger().warning(f'{alert.alert_id}: {alert.sentence}')

    def _show(self, perimeter: Perimeter) -> None:
        """Publish the newest picture, masked and annotated, no more often than the stream is to run."""
        stamp_s, period_s = perimeter.picture_s, 1.0 / self._start.stream_rate_hz
        if stamp_s is None or 0.0 <= stamp_s - self._shown_s < _PUNCTUAL * period_s:
            return
        self._shown_s = stamp_s
        picture = perimeter.picture
        assert picture is not None
        shown = annotate(picture.rgb, perimeter.marks, robot=self._robot_name, clock=perimeter.clock,
                         sentences=perimeter.recent_sentences)
        self._stream.publish(conversions.picture_to_ros(shown, picture.stamp_s, picture.frame_id))


def main() -> int:
    """Run the node."""
    return run_node(PerimeterNode)
