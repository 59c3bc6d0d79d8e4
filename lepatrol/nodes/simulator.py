"""The simulator node: the embedded simulator with the topics of a robot."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from functools import partial

from diagnostic_msgs.msg import DiagnosticArray
from geometry_msgs.msg import Twist as TwistMessage
from nav_msgs.msg import OccupancyGrid
from rclpy.clock import Clock
from rclpy.clock_type import ClockType
from rosgraph_msgs.msg import Clock as ClockMessage
from std_msgs.msg import Bool, Float64, Header, String

from lepatrol import assembly
from lepatrol.model.errors import SettingsError
from lepatrol.model.geometry import STOP, Pose2
from lepatrol.ros import conversions, parameters, qos
from lepatrol.ros.observations import ObservationPublisher
from lepatrol.ros.pace import Pace
from lepatrol.ros.runner import LepatrolNode, run_node
from lepatrol.settings.simulation import SimulationSettings
from lepatrol.settings.starting import SimulatorStart
from lepatrol.simulation.viewer import Viewer

_TICK_S = 0.02
_FAST_TICK_S = 0.04
"""Beyond twice real time the clock ticks in larger steps: every tick wakes every node."""
_TURN_S = 0.005
"""Wall time after which messages are looked at again, however far simulated time is behind."""
_PATIENCE_S = 0.25
"""Wall time that simulated time waits for a cmd_vel; a sender slower than that is waited for no more."""
_HEARTBEAT_S = 0.35
"""The perimeter looks at ten scans a second, and may wait for odometry to catch up with one; a picture takes it as long
as several scans do, which the scans after it make up for."""


@dataclass
class _Robot:
    """One robot: its name in the simulator, the prefix of its topics, when it was last commanded and looked after."""

    name: str
    prefix: str
    commanded_s: float = 0.0
    is_driven: bool = False
    """Whether its cmd_vel is waited for."""
    is_halted: bool = True
    has_lamp_on: bool = False
    said: str = ''
    watched_s: float = 0.0
    is_watched: bool = False
    """Whether the perimeter's heartbeat is waited for."""

    def is_late(self, now_s: float, lead_s: float) -> bool:
        """Tell whether who drives it, or who watches it, is behind by more than simulated time may lead."""
        return (self.is_driven and now_s - self.commanded_s >= lead_s) or (
            self.is_watched and now_s - self.watched_s >= lead_s + _HEARTBEAT_S)


class SimulatorNode(LepatrolNode):
    """Lets simulated time go by, publishes ``/clock``, ``/map`` and what sensors deliver, and obeys ``cmd_vel``.

    A robot's head turns as it is told. Its lamp and its loudspeaker neither shine nor sound: the log and the status say
    what they would do.
    """

    def __init__(self) -> None:
        """Declare the parameters, load world and robots, connect."""
        super().__init__('simulator')
        settings = parameters.declare(self, SimulationSettings)
        self._start = parameters.declare(self, SimulatorStart)
        scenario = assembly.load_scenario(self._start.scenario) if self._start.scenario else None
        self._world = scenario.world if scenario else self._start.world
        site = assembly.load_site(scenario.site if scenario else self._start.site)
        places = parse_robots(self._start.robots, site.start_pose)
        scene = assembly.load_scene(
            self._world, {name or 'robot': (kind, pose) for name, (kind, pose) in places.items()})
        played, weather = scene, None
        if scenario is not None:
            staged = assembly.stage_live(scenario, scene, site, settings.seed)
            played, weather = staged.scene, staged.weather
            self.get_logger().info(
                f'scenario {scenario.name}, seed {settings.seed}, begins at {staged.start_time}: {scenario.about}')
        self._simulator = assembly.make_simulator(played, settings, self.get_logger().warning, weather, site)
        self._viewer = Viewer(self._simulator.physics) if self._start.view else None
        tick_s = _TICK_S if 0.0 < self._start.speed <= 2.0 else _FAST_TICK_S
        self._tick_s = max(1, round(tick_s / settings.physics_step_s)) * settings.physics_step_s
        self._pace = Pace(self._start.speed)
        self._waiting_since_s: float | None = None
        self._robots = {name or 'robot': _Robot(name or 'robot', f'{name}/' if name else '') for name in places}
        self._observations = ObservationPublisher(self)
        self._clock_topic = self.create_publisher(ClockMessage, '/clock', qos.COMMAND)
        self._map = self.create_publisher(OccupancyGrid, '/map', qos.LATCHED)
        self._status = self.create_publisher(DiagnosticArray, 'simulator/status', qos.COMMAND)
        for robot in self._robots.values():
            self.listen(TwistMessage, f'{robot.prefix}cmd_vel', partial(self._on_command, robot), qos.COMMAND)
            self.listen(Bool, f'{robot.prefix}lamp', partial(self._on_lamp, robot), qos.COMMAND)
            self.listen(String, f'{robot.prefix}speaker/say', partial(self._on_say, robot), qos.COMMAND)
            for servo in scene.robots[robot.name].servos:
                self.listen(Float64, robot.prefix + servo.topic, partial(self._on_aim, robot, servo.joint), qos.COMMAND)
            self.listen(Header, f'{robot.prefix}perimeter/heartbeat', partial(self._on_heartbeat, robot), qos.COMMAND)
        first = next(iter(scene.robots.values()))
        self._map.publish(conversions.map_to_ros(assembly.make_map(scene, first), 0.0))
        steady = Clock(clock_type=ClockType.STEADY_TIME)
        period_s = self._tick_s / self._start.speed if self._start.speed else 0.0005
        self.create_timer(min(max(period_s, 0.0005), 0.02), self._go_on, clock=steady)
        self.create_timer(1.0, self._tell, clock=steady)
        self.get_logger().info(f'{self._world}: {", ".join(self._simulator.robots)} ready')

    def close(self) -> None:
        """End drawing and the viewer."""
        self._simulator.close()
        if self._viewer:
            self._viewer.close()

    def _on_command(self, robot: _Robot, message: TwistMessage) -> None:
        self._simulator.command(robot.name, conversions.twist_from_ros(message))
        robot.commanded_s = self._simulator.time_s
        robot.is_driven, robot.is_halted = True, False
        self._wait_no_more()

    def _on_aim(self, robot: _Robot, joint: str, message: Float64) -> None:
        self._simulator.aim(robot.name, joint, message.data)

    def _on_lamp(self, robot: _Robot, message: Bool) -> None:
        if message.data != robot.has_lamp_on:
            robot.has_lamp_on = message.data
            self.get_logger().info(f'{robot.prefix}lamp is {"on" if message.data else "off"}')

    def _on_say(self, robot: _Robot, message: String) -> None:
        robot.said = message.data
        self.get_logger().info(f'{robot.prefix}speaker says: {message.data}')

    def _on_heartbeat(self, robot: _Robot, message: Header) -> None:
        robot.watched_s = conversions.time_from_ros(message.stamp)
        robot.is_watched = True
        self._wait_no_more()

    def _wait_no_more(self) -> None:
        """Go on at once where this was waited for; the timer would do so only some milliseconds later."""
        if self._waiting_since_s is not None:
            self._waiting_since_s = None
            self._go_on()

    def _go_on(self) -> None:
        """Let the simulated time pass that is due, then give messages their turn."""
        end_s = time.monotonic() + _TURN_S
        while self._pace.is_due(self._simulator.time_s, time.monotonic()) and not self._must_wait():
            self._halt_the_abandoned()
            deliveries = self._simulator.advance(self._tick_s)
            self._clock_topic.publish(ClockMessage(clock=conversions.time_to_ros(self._simulator.time_s)))
            for delivery in deliveries:
                self._observations.publish(self._robots[delivery.robot].prefix + delivery.topic, delivery.observation)
            if time.monotonic() > end_s:
                break
        if self._viewer and not self._viewer.show():
            self._viewer = None

    def _must_wait(self) -> bool:
        """Tell whether who drives or watches a robot is too far behind simulated time to see what is coming."""
        lead_s = self._start.max_lead_s
        if self._start.speed == 1.0 or lead_s == 0.0:
            return False
        now_s = self._simulator.time_s
        late = [robot for robot in self._robots.values() if robot.is_late(now_s, lead_s)]
        if not late:
            return False
        wall_s = time.monotonic()
        if self._waiting_since_s is None:
            self._waiting_since_s = wall_s
        if wall_s - self._waiting_since_s < _PATIENCE_S:
            return True
        for robot in late:
            robot.is_driven = robot.is_watched = False
        self._waiting_since_s = None
        return False

    def _halt_the_abandoned(self) -> None:
        """Stop robots that nobody commands any more."""
        timeout_s = self._start.command_timeout_s
        for robot in self._robots.values():
            if timeout_s and not robot.is_halted and self._simulator.time_s - robot.commanded_s > timeout_s:
                self._simulator.command(robot.name, STOP)
                robot.is_halted = True
                self.get_logger().warning(
                    f'{robot.prefix}cmd_vel has been silent for {timeout_s:g} s, the robot stops')

    def _tell(self) -> None:
        """Publish how fast simulated time goes."""
        factor = self._pace.factor(self._simulator.time_s, time.monotonic())
        if factor is not None:
            self._status.publish(conversions.diagnostics_to_ros(
                'simulator', f'{factor:.2f} times real time', {
                    'real_time_factor': f'{factor:.3f}', 'simulated_s': f'{self._simulator.time_s:.3f}',
                    'world': self._world, **self._heard()}, stamp_s=self._simulator.time_s))

    def _heard(self) -> dict[str, str]:
        """Return what robots' lamps and loudspeakers have last been told."""
        told = {f'{robot.prefix}lamp': 'on' for robot in self._robots.values() if robot.has_lamp_on}
        return told | {f'{robot.prefix}speaker': robot.said for robot in self._robots.values() if robot.said}


def parse_robots(text: str, start: Pose2) -> dict[str, tuple[str, Pose2]]:
    """Parse the ``robots`` parameter to namespace (may be empty) -> kind and place.

    :raises SettingsError: saying what is wrong and how it is written.
    """
    robots: dict[str, tuple[str, Pose2]] = {}
    places: set[Pose2] = set()
    for word in text.split():
        namespace, kind, place = _parse_robot(word)
        pose = place or start
        if namespace in robots or (robots and '' in (namespace, *robots)):
            raise SettingsError('robots', f'is {text!r}: every one of several robots needs a namespace of its own')
        if pose in places:
            raise SettingsError('robots', f'is {text!r}: two robots would stand at the same place, give each its own')
        places.add(pose)
        robots[namespace] = (kind, pose)
    if not robots:
        raise SettingsError('robots', 'is empty, expected at least one robot, such as ugv')
    return robots


def _parse_robot(word: str) -> tuple[str, str, Pose2 | None]:
    parts = word.split(':')
    if len(parts) == 1:
        return '', word, None
    try:
        namespace, kind = parts[0], parts[1]
        if not namespace.isidentifier() or not kind or len(parts) > 3:
            raise ValueError
        if len(parts) == 2:
            return namespace, kind, None
        x, y, heading_deg = map(float, parts[2].split(','))
        if not all(map(math.isfinite, (x, y, heading_deg))):
            raise ValueError
    except ValueError:
        raise SettingsError(
            'robots', f'{word!r} is not understood, expected KIND, NAMESPACE:KIND or NAMESPACE:KIND:X,Y,HEADING_DEG',
        ) from None
    return namespace, kind, Pose2(x, y, math.radians(heading_deg))


def main() -> int:
    """Run the node."""
    return run_node(SimulatorNode)
