"""Settings of planning, path following, avoidance, the gate, and of driving by Nav2."""

from __future__ import annotations

from dataclasses import dataclass

from lepatrol.settings.flight import FlightSettings
from lepatrol.settings.schema import Settings, group, setting


@dataclass(frozen=True)
class PlannerSettings(Settings):
    """How paths are found on the map."""

    clearance_m: float = setting(
        0.35, 'Free space kept between the footprint and everything on the map.', low=0.0, high=5.0)
    preferred_clearance_m: float = setting(
        1.0, 'Free space preferred where there is room; nearer costs more.', low=0.0, high=10.0)
    proximity_weight: float = setting(
        3.0, 'How many times longer a metre counts right at the clearance limit.', low=0.0, high=100.0)
    unknown_is_free: bool = setting(False, 'Whether paths may cross unknown cells.')


@dataclass(frozen=True)
class FollowerSettings(Settings):
    """Regulated pure pursuit (Macenski et al. 2023, arXiv:2305.20026)."""

    cruise_speed_m_s: float = setting(1.2, 'Speed on a clear, straight way.', low=0.01, high=20.0)
    lookahead_time_s: float = setting(1.2, 'Lookahead distance divided by speed.', low=0.1, high=10.0)
    min_lookahead_m: float = setting(0.5, 'Shortest lookahead distance.', low=0.05, high=10.0)
    max_lookahead_m: float = setting(1.5, 'Longest lookahead distance.', low=0.05, high=20.0)
    min_turn_radius_m: float = setting(0.9, 'Curves tighter than this are driven slower.', low=0.01, high=20.0)
    min_speed_m_s: float = setting(0.1, 'Regulation never slows below this speed.', low=0.01, high=5.0)
    rotate_in_place_rad: float = setting(0.8, 'Heading error above which the robot turns on the spot first.',
                                         low=0.1, high=3.2)
    position_tolerance_m: float = setting(0.15, 'A goal is reached within this distance.', low=0.01, high=5.0)
    yaw_tolerance_rad: float = setting(0.05, 'A heading is reached within this angle.', low=0.005, high=3.2)


@dataclass(frozen=True)
class AvoidanceSettings(Settings):
    """What is done about obstacles the map does not know."""

    slow_distance_m: float = setting(2.5, 'Obstacles on the way nearer than this slow the robot.', low=0.0, high=50.0)
    stop_distance_m: float = setting(0.6, 'Obstacles on the way nearer than this, beyond the footprint, stop it.',
                                     low=0.0, high=20.0)
    lone_return_m: float = setting(
        1.2, 'A single return farther from the robot\'s middle than this counts when it comes twice: rain does not.',
        low=0.0, high=50.0)
    replan_after_s: float = setting(2.0, 'Standing before an obstacle this long, it looks for a way round.',
                                    low=0.0, high=600.0)
    patience_s: float = setting(20.0, 'Blocked this long, the goal fails.', low=0.1, high=3600.0)
    obstacle_memory_s: float = setting(10.0, 'How long a seen obstacle counts for replanning.', low=0.1, high=3600.0)


@dataclass(frozen=True)
class ProgressSettings(Settings):
    """What counts as getting on; the names are those of Nav2's progress checkers."""

    required_movement_m: float = setting(
        0.5, 'A robot that is told to drive must move this far, or turn, in the time allowed.', low=0.05, high=10.0)
    required_turn_rad: float = setting(0.5, 'By this much it must turn where it does not move.', low=0.05, high=3.2)
    time_allowance_s: float = setting(
        10.0, 'It has this long, three times as long if it only turns; then its goal fails.', low=0.5, high=600.0)


@dataclass(frozen=True)
class GateSettings(Settings):
    """The last word before ``cmd_vel``."""

    scan_timeout_s: float = setting(0.5, 'A scan older than this stops the robot.', low=0.05, high=60.0)
    pose_timeout_s: float = setting(0.5, 'A pose older than this stops the robot.', low=0.05, high=60.0)
    teleop_timeout_s: float = setting(
        0.5, 'Teleop keeps the robot this long after its last command.', low=0.05, high=60.0)
    hand_back_s: float = setting(2.0, 'Autonomy gets the robot back after this further silence of teleop.',
                                 low=0.0, high=600.0)
    collision_stop_m: float = setting(0.1, 'Anything this near to the footprint, in the direction of travel, '
                                      'stops the robot, whoever drives.', low=0.0, high=5.0)


@dataclass(frozen=True)
class NavigatorSettings(Settings):
    """Everything the navigator needs besides the robot's own limits."""

    control_rate_hz: float = setting(25.0, 'How often a velocity is computed.', low=1.0, high=200.0)
    planner: PlannerSettings = group(PlannerSettings)
    follower: FollowerSettings = group(FollowerSettings)
    avoidance: AvoidanceSettings = group(AvoidanceSettings)
    progress: ProgressSettings = group(ProgressSettings)
    gate: GateSettings = group(GateSettings)
    flight: FlightSettings = group(FlightSettings)


@dataclass(frozen=True)
class Nav2Settings(Settings):
    """How Nav2 is asked to drive, and how long it is waited for."""

    control_rate_hz: float = setting(
        25.0, "How often Nav2's velocity is let through the gate.", low=1.0, high=200.0)
    action: str = setting('navigate_to_pose', 'Name of the NavigateToPose action, relative to the namespace.')
    behavior_tree: str = setting('', 'File of the behaviour tree that Nav2 is to use; empty for its own default.')
    server_timeout_s: float = setting(
        20.0, 'A goal fails when Nav2 is not there, or takes no goals, for this long.', low=0.1, high=3600.0)
    retry_s: float = setting(1.0, 'A goal that Nav2 rejects is offered again after this time.', low=0.05, high=60.0)
    answer_timeout_s: float = setting(
        5.0, 'A goal fails when Nav2 neither takes nor rejects it for this long.', low=0.1, high=600.0)
    silence_timeout_s: float = setting(
        10.0, 'A goal fails when Nav2, having taken it, says nothing about it for this long.', low=0.1, high=600.0)
    vanish_timeout_s: float = setting(
        2.0, "A goal fails when Nav2's action has been gone for this long.", low=0.0, high=600.0)
    cancel_timeout_s: float = setting(
        5.0, 'The next goal waits at most this long for Nav2 to give up the last one.', low=0.0, high=600.0)
    command_timeout_s: float = setting(
        0.5, "A velocity of Nav2's that is older than this counts for none.", low=0.05, high=60.0)
    arrival_tolerance_m: float = setting(
        1.0, 'Farther than this from a goal that Nav2 says it has reached, the goal has failed: maps or frames '
        'disagree.', low=0.05, high=100.0)
    tolerated_publishers: str = setting(
        'docking_server', 'Nodes, parted by spaces, that may publish cmd_vel beside the gate, as they drive only when '
        "asked themselves: Nav2's docking server does.")
    gate: GateSettings = group(GateSettings)
