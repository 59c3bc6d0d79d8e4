"""Settings of the patrol."""

from __future__ import annotations

from dataclasses import dataclass

from lepatrol.settings.conduct import ConductSettings
from lepatrol.settings.privacy import PrivacySettings
from lepatrol.settings.schema import Settings, group, setting


@dataclass(frozen=True)
class BatterySettings(Settings):
    """What is done about the battery of a robot that tells of one."""

    low: float = setting(0.25, 'Charged no more than this (1 is full), the robot goes home to charge.',
                         low=0.0, high=1.0)
    charged: float = setting(0.9, 'Charged this much, it goes on with the mission that waits.', low=0.0, high=1.0)
    reserve: float = setting(0.1, 'Charge that the way home must leave over.', low=0.0, high=1.0)
    margin: float = setting(1.3, 'How many times what the way home ought to take is kept for it.', low=1.0, high=10.0)
    dock_attempts: int = setting(3, 'How often docking is tried before the robot waits at home.', low=1, high=100)
    dock_contact_s: float = setting(
        5.0, 'In the dock, the battery is given this long to tell that it is being charged.', low=0.1, high=600.0)


@dataclass(frozen=True)
class PatrolSettings(Settings):
    """How a mission is carried out."""

    update_rate_hz: float = setting(10.0, 'How often the mission is advanced.', low=0.5, high=100.0)
    goal_retry_s: float = setting(2.0, 'A goal the navigator does not answer is sent again after this time.',
                                  low=0.1, high=60.0)
    max_mission_poses: int = setting(10000, 'Longest mission taken over patrol/mission.', low=1, high=1000000)
    photo_timeout_s: float = setting(5.0, 'A photo that has not come after this time is given up.', low=0.1, high=600.0)
    hover_height_m: float = setting(
        5.0, 'A flying robot that is sent over a place on the ground hovers this high above it.', low=0.5, high=500.0)
    battery: BatterySettings = group(BatterySettings)
    privacy: PrivacySettings = group(PrivacySettings)
    conduct: ConductSettings = group(ConductSettings)
