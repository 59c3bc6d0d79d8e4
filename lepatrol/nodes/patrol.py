"""The patrol node: takes an operator's orders, walks missions, and sees to what alerts tell."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date
from pathlib import Path as FilePath

import numpy as np
from diagnostic_msgs.msg import DiagnosticArray
from geometry_msgs.msg import PointStamped, PoseStamped, PoseWithCovarianceStamped, Twist
from nav_msgs.msg import OccupancyGrid, Path
from sensor_msgs.msg import BatteryState, Image, JointState, LaserScan
from sensor_msgs.msg import CameraInfo as CameraInfoMessage
from std_msgs.msg import Bool, Empty, String
from std_srvs.srv import Trigger
from visualization_msgs.msg import MarkerArray

from lepatrol import assembly, operations, resources
from lepatrol.behaviours.patrol import Patrol
from lepatrol.behaviours.photo_album import PhotoAlbum
from lepatrol.model.errors import LepatrolError
from lepatrol.model.handover_json import handover_from_text, text_from_handover
from lepatrol.model.inspection_json import study_from_text, text_from_request
from lepatrol.model.leading import lead_from_text, text_from_lead_report
from lepatrol.model.mission import MissionStatus, PhotoRequest
from lepatrol.model.observation import CameraInfo
from lepatrol.model.site import Medium, Waypoint
from lepatrol.model.track_json import tracks_from_text
from lepatrol.planning.progress import ProgressStore
from lepatrol.planning.schedule_log import ScheduleLog
from lepatrol.planning.terrain import Terrain
from lepatrol.ros import conversions, parameters, qos
from lepatrol.ros.log import ros_logger
from lepatrol.ros.runner import LepatrolNode, run_node
from lepatrol.settings.navigation import NavigatorSettings
from lepatrol.settings.patrol import PatrolSettings
from lepatrol.settings.robot import RobotSettings
from lepatrol.settings.starting import PatrolStart
from lepatrol.settings.yaml_file import read_settings

_STATUS_PERIOD_S = 1.0
_ANY_FOV_RAD = 1.2
"""Of a camera that does not tell its own; its pictures are hidden as a whole, and this says how coarsely."""


class PatrolNode(LepatrolNode):
    """Orders and poses in, goals and the mission's status out.

    Heads and privacy zones in photos are masked before they are kept: this node knows of no expected view, so all that
    may be a head is hidden, and the whole picture where the robot's pose or the camera's model are not known.
    """

    def __init__(self) -> None:
        """Declare the parameters, go on with a mission that was not over, connect."""
        super().__init__('patrol')
        self._settings = parameters.declare(self, PatrolSettings)
        start = parameters.declare(self, PatrolStart)
        folder = FilePath(start.output_folder)
        progress = FilePath(start.progress_file) if start.progress_file else folder / 'progress.json'
        self._site = assembly.load_site(start.site)
        self._mask = assembly.make_photo_mask(
            self._site, assembly.load_robot(start.robot, 'robot'), self._settings.privacy)
        self._album = PhotoAlbum(folder / 'photos', self._mask)
        self._camera: CameraInfo | None = None
        self._robot = read_settings(resources.robot_settings_path(start.robot), RobotSettings)
        self._terrain = self._make_terrain()
        self._patrol = Patrol(
            self._site, self._settings, ProgressStore(progress), medium=self._robot.medium,
            is_free=self._terrain.is_free,
            budget=operations.make_budget(self._site, self._robot, self._terrain), logger=ros_logger(self))
        self._conduct = operations.make_conduct(
            self._patrol, self._site, self._settings.conduct, robot_name=self.get_namespace().strip('/') or 'robot',
            robot=FilePath(start.robot).stem, scout=operations.make_scout(self._terrain, self._robot, self._settings),
            clock_start=start.clock_start, folder=folder, logger=ros_logger(self))
        self._timetable = operations.make_timetable(
            self._site, self._robot.medium, start.schedules, self._order_by_schedule, clock_start=start.clock_start,
            today=date.today(), log=ScheduleLog(folder / 'schedules.json'), logger=ros_logger(self))
        self._wanted: PhotoRequest | None = None
        self._told: MissionStatus | None = None
        self._shown_plan: tuple[Waypoint, ...] | None = None
        self._connect()

    def _connect(self) -> None:
        self._goal = self.create_publisher(PoseStamped, 'navigator/goal', qos.COMMAND)
        self._cancel = self.create_publisher(Empty, 'navigator/cancel', qos.COMMAND)
        self._status = self.create_publisher(DiagnosticArray, 'patrol/status', qos.LATCHED)
        self._plan = self.create_publisher(Path, 'patrol/plan', qos.LATCHED)
        self._cases = self.create_publisher(DiagnosticArray, 'patrol/cases', qos.ALERTS)
        self._speech = self.create_publisher(String, 'speaker/say', qos.COMMAND)
        self._leading = self.create_publisher(String, 'chat/leading', qos.COMMAND)
        self._way = self.create_publisher(Path, 'chat/way', qos.LATCHED)
        self._requests = self.create_publisher(String, 'inspection/request', qos.COMMAND)
        self._zone_markers = self.create_publisher(MarkerArray, 'zones/markers', qos.LATCHED)
        self.listen(OccupancyGrid, '/map', self._on_map, qos.LATCHED)
        self.listen(String, 'patrol/command', self._on_command, qos.COMMAND)
        self.listen(Path, 'patrol/mission', self._on_mission, qos.COMMAND)
        self.listen(PoseStamped, '/goal_pose', self._on_goal_pose, qos.COMMAND)
        self.listen(PointStamped, '/clicked_point', self._on_clicked_point, qos.COMMAND)
        self.listen(DiagnosticArray, 'perimeter/alerts', self._on_alerts, qos.ALERTS)
        self.listen(String, 'perimeter/track_states', self._on_tracks, qos.SENSOR)
        self.listen(String, 'inspection/view', self._on_study, qos.COMMAND)
        self.listen(String, 'chat/lead', self._on_lead, qos.COMMAND)
        self.listen(Bool, 'chat/present', self._on_present, qos.LATCHED)
        self.listen(Bool, 'estop', self._on_estop, qos.LATCHED)
        self.listen(Twist, 'cmd_vel_teleop', self._on_teleop, qos.COMMAND)
        self.listen(PoseWithCovarianceStamped, 'pose', self._on_pose, qos.SENSOR)
        self.listen(BatteryState, 'battery_state', self._on_battery, qos.SENSOR)
        self.listen(DiagnosticArray, 'navigator/feedback', self._on_feedback, qos.LATCHED)
        self.listen(LaserScan, 'scan', self._on_scan, qos.SENSOR)
        self.listen(JointState, 'joint_states', self._on_joints, qos.SENSOR)
        self.listen(CameraInfoMessage, 'camera/camera_info', self._on_camera_info, qos.SENSOR)
        self.listen(Image, 'camera/image_raw', self._on_image, qos.SENSOR)
        self._join_others()
        for verb in ('pause', 'resume', 'stop', 'home'):
            self.create_service(Trigger, f'patrol/{verb}', self._service(verb))
        self.create_timer(1.0 / self._settings.update_rate_hz, self._update)

    def _join_others(self) -> None:
        """Connect to what all robots share: zones that come up, a lockdown, and people who are handed over."""
        self._zones = self.create_publisher(String, '/zones', qos.LATCHED)
        self._handover = self.create_publisher(String, '/handover', qos.COMMAND)
        self._lockdown = self.create_publisher(String, '/lockdown', qos.LATCHED)
        self.listen(String, 'zones/put', self._on_zone_put, qos.COMMAND)
        self.listen(String, 'zones/lift', self._on_zone_lifted, qos.COMMAND)
        self.listen(String, '/zones', self._on_zones, qos.SHARED)
        self.listen(String, '/handover', self._on_handover, qos.COMMAND)
        self.listen(String, '/lockdown', self._on_lockdown, qos.SHARED)

    def _make_terrain(self) -> Terrain:
        """Return what is known of the ground, to which the map is still to come, or of the site's own air."""
        if self._robot.medium is not Medium.AIR:
            return Terrain()
        return operations.make_air_terrain(assembly.make_air_planner(
            self._site, assembly.load_world(self._site.world), NavigatorSettings(), self._robot), self._settings)

    def _on_map(self, message: OccupancyGrid) -> None:
        if self._robot.medium is Medium.AIR:
            return  # the map is of the ground; the navigator knows the air
        plan = conversions.map_from_ros(message)
        planner = assembly.make_planner(self._site, plan, NavigatorSettings(), self._robot)
        self._terrain.take_map(planner, assembly.standing_room(self._site, plan, self._robot))

    def _on_command(self, message: String) -> None:
        self._conduct.on_command(message.data, self.now_s)
        self._update()

    def _on_mission(self, message: Path) -> None:
        self._order('mission', lambda: self._conduct.on_mission(conversions.waypoints_from_ros(message), self.now_s))

    def _on_goal_pose(self, message: PoseStamped) -> None:
        self._order('goto pose', lambda: self._conduct.on_goto_pose(conversions.pose2_from_ros(message), self.now_s))

    def _order_by_schedule(self, text: str) -> str:
        self._conduct.on_command(text, self.now_s)
        return self._conduct.status.reply

    def _on_lead(self, message: String) -> None:
        self._conduct.guide.on_order(lead_from_text(message.data))

    def _on_present(self, message: Bool) -> None:
        self._conduct.guide.on_present(message.data)

    def _on_clicked_point(self, message: PointStamped) -> None:
        self._order('inspect point', lambda: self._conduct.on_point(conversions.point2_from_ros(message), self.now_s))

    def _on_alerts(self, message: DiagnosticArray) -> None:
        for alert in conversions.alerts_from_ros(message):
            self._conduct.on_alert(alert, self.now_s)

    def _on_tracks(self, message: String) -> None:
        self._conduct.on_tracks(tracks_from_text(message.data))

    def _on_study(self, message: String) -> None:
        self._conduct.on_study(study_from_text(message.data))

    def _on_zone_put(self, message: String) -> None:
        self._conduct.on_zone_put(message.data, self.now_s)
        self._update()

    def _on_zone_lifted(self, message: String) -> None:
        self._conduct.on_zone_lifted(message.data, self.now_s)
        self._update()

    def _on_zones(self, message: String) -> None:
        self._conduct.zones.on_heard(message.data)

    def _on_lockdown(self, message: String) -> None:
        self._conduct.lockdown.on_heard(message.data)
        self._update()

    def _on_handover(self, message: String) -> None:
        self._conduct.on_handover(handover_from_text(message.data), self.now_s)

    def _on_estop(self, message: Bool) -> None:
        self._conduct.on_estop(message.data)

    def _on_teleop(self, message: Twist) -> None:
        self._conduct.on_teleop(self.now_s)

    def _order(self, name: str, carry_out: Callable[[], None]) -> None:
        try:
            carry_out()
        except LepatrolError as error:
            self._patrol.refuse(name, str(error))
        self._update()

    def _service(self, verb: str) -> Callable[[Trigger.Request, Trigger.Response], Trigger.Response]:
        def serve(request: Trigger.Request, response: Trigger.Response) -> Trigger.Response:
            self._conduct.on_command(verb, self.now_s)
            self._update()
            response.message = self._patrol.status.reply
            response.success = response.message == 'ok'
            return response

        return serve

    def _on_pose(self, message: PoseWithCovarianceStamped) -> None:
        estimate = conversions.pose_estimate_from_ros(message)
        self._conduct.on_pose(estimate)
        self._mask.on_pose(estimate)

    def _on_battery(self, message: BatteryState) -> None:
        self._patrol.on_battery(conversions.battery_from_ros(message))

    def _on_scan(self, message: LaserScan) -> None:
        self._mask.on_scan(conversions.scan_from_ros(message))

    def _on_joints(self, message: JointState) -> None:
        self._mask.on_joints(conversions.joint_positions_from_ros(message))

    def _on_camera_info(self, message: CameraInfoMessage) -> None:
        self._camera = conversions.camera_info_from_ros(message)
        self._mask.on_camera(self._camera)

    def _on_feedback(self, message: DiagnosticArray) -> None:
        self._conduct.on_feedback(conversions.feedback_from_ros(message))

    def _on_image(self, message: Image) -> None:
        wanted = self._wanted
        if wanted is None:
            return
        stamp_s = conversions.time_from_ros(message.header.stamp)
        if stamp_s < wanted.stamp_s:
            return
        self._wanted = None
        if stamp_s > wanted.stamp_s + self._settings.photo_timeout_s:
            return
        try:
            info = self._camera or CameraInfo.from_horizontal_fov(message.width, message.height, _ANY_FOV_RAD)
            name = self._album.keep(conversions.image_from_ros(message, info), wanted)
        except (LepatrolError, OSError) as error:
            self._patrol.on_photo_failed(stamp_s, str(error))
        else:
            self._patrol.on_photo(stamp_s, name)

    def _update(self) -> None:
        """Advance the mission and publish what must be known."""
        if self._timetable:
            self._timetable.tick(self.now_s, self._conduct.status, self._conduct.doing)
        output = self._conduct.update(self.now_s)
        if output.cancel:
            self._cancel.publish(Empty())
        if output.goal:
            self._goal.publish(conversions.goal_to_ros(output.goal))
        if output.photo:
            self._wanted = output.photo
        for sentence in output.speech:
            self._speech.publish(String(data=sentence))
        if output.study:
            self._requests.publish(String(data=text_from_request(output.study)))
        if output.zones is not None:
            self._zones.publish(String(data=output.zones))
            self._zone_markers.publish(conversions.zone_markers_to_ros(self._conduct.zones.in_force, self.now_s))
        for report in output.leading:
            self._leading.publish(String(data=text_from_lead_report(report)))
        if output.way is not None:
            self._way.publish(conversions.path_to_ros(np.array(output.way).reshape(-1, 2), self.now_s))
        for message in output.handover:
            self._handover.publish(String(data=text_from_handover(message)))
        if output.lockdown is not None:
            self._lockdown.publish(String(data=output.lockdown))
        if output.cases:
            self._cases.publish(conversions.cases_to_ros(output.cases, self.now_s))
        self._tell(self._conduct.status)

    def _tell(self, status: MissionStatus) -> None:
        """Publish the status where it has changed, and now and then besides; the plan where it has changed."""
        told = self._told
        if told is None or not 0.0 <= status.stamp_s - told.stamp_s < _STATUS_PERIOD_S or (
                dataclasses.replace(status, stamp_s=told.stamp_s, distance_walked_m=told.distance_walked_m) != told):
            self._told = status
            self._status.publish(conversions.mission_status_to_ros(status))
        plan = self._patrol.plan
        if plan != self._shown_plan:
            self._shown_plan = plan
            self._plan.publish(conversions.waypoints_to_ros(plan, self.now_s))


def main() -> int:
    """Run the node."""
    return run_node(PatrolNode)
