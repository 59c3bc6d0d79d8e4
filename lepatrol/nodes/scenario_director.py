"""The scenario_director node: carries a scenario out in Gazebo, as the embedded simulator plays it by itself.

It publishes nothing: what it knows of people and things is nobody's but Gazebo's.
"""

from __future__ import annotations

import time

from nav_msgs.msg import Odometry
from rclpy.clock import Clock
from rclpy.clock_type import ClockType

from lepatrol import assembly
from lepatrol.model.errors import SettingsError
from lepatrol.ros import conversions, parameters, qos
from lepatrol.ros.gazebo_services import GazeboServices
from lepatrol.ros.log import ros_logger
from lepatrol.ros.runner import LepatrolNode, run_node
from lepatrol.settings.starting import ScenarioDirectorStart
from lepatrol.simulation.director import left_out
from lepatrol.simulation.staging import start_time

_TEND_S = 1.0


class ScenarioDirectorNode(LepatrolNode):
    """The clock and the robot's true pose in, orders to the world's services out."""

    def __init__(self) -> None:
        """Declare the parameters, stage the scenario, connect."""
        super().__init__('scenario_director')
        start = parameters.declare(self, ScenarioDirectorStart)
        if not start.scenario:
            raise SettingsError('scenario', 'is empty, expected the name of a scenario, or the path of its file')
        scenario = assembly.load_scenario(start.scenario)
        world = assembly.load_world(scenario.world)
        log = ros_logger(self)
        services = GazeboServices(self, world.name)
        self._director = assembly.make_director(scenario, world, start.seed, services, log)
        log.info(f'scenario {scenario.name}, seed {start.seed}, begins at {start_time(scenario, start.seed)}: '
                 f'{scenario.about}')
        if cannot := left_out(scenario):
            log.warning(f"Gazebo's services cannot do {', '.join(cannot)}: the world stays as its file has it there")
        self._robots_m: tuple[tuple[float, float], ...] = ()
        self.listen(Odometry, 'ground_truth', self._on_truth, qos.SENSOR)
        self.create_timer(1.0 / start.rate_hz, self._direct)
        # Before the first tick of a simulated clock, and while it stands still, somebody has to say what is missing.
        self.create_timer(_TEND_S, self._direct, clock=Clock(clock_type=ClockType.STEADY_TIME))

    def _on_truth(self, message: Odometry) -> None:
        x, y, _ = conversions.true_pose_from_ros(message).pose.position_m
        self._robots_m = ((x, y),)

    def _direct(self) -> None:
        self._director.update(self.now_s, self._robots_m, time.monotonic())


def main() -> int:
    """Run the node."""
    return run_node(ScenarioDirectorNode)
