"""Settings of the embedded simulator."""

from __future__ import annotations

from dataclasses import dataclass

from lepatrol.settings.schema import Settings, setting


@dataclass(frozen=True)
class SimulationSettings(Settings):
    """How the embedded simulator runs a world."""

    seed: int = setting(1, 'Seed of every random number the simulator draws.', low=0, high=2**31 - 1)
    physics_step_s: float = setting(0.004, 'Length of one physics step.', low=0.0005, high=0.02)
    renderer: str = setting('auto', 'What draws the camera pictures: auto takes panda3d.',
                            choices=('auto', 'panda3d', 'mujoco', 'none'))
    pose_rate_hz: float = setting(25.0, 'Rate of the localised pose and of odometry.', low=1.0, high=200.0)
    pose_noise_m: float = setting(0.02, 'One sigma of the localised position along x and y (RTK grade).',
                                  low=0.0, high=5.0)
    pose_noise_rad: float = setting(0.005, 'One sigma of the localised heading.', low=0.0, high=1.0)
    camera_latency_s: float = setting(0.04, 'Time from exposure to delivery of a picture; rendering goes on meanwhile.',
                                      low=0.0, high=1.0)
    camera_rate_hz: float = setting(
        0.0, "Most pictures per second that a camera takes; 0 for as many as the robot's file says.", low=0.0,
        high=100.0)
    sensor_noise: bool = setting(True, 'Whether the noise the world and robot files describe is added.')
    battery_charge: float = setting(1.0, 'Charge of each battery at the start, as a share of what its file says.',
                                    low=0.0, high=1.0)
