"""Settings of the patrol."""

from __future__ import annotations

from dataclasses import dataclass

from lepatrol.settings.privacy import PrivacySettings
from lepatrol.settings.schema import Settings, group, setting


@dataclass(frozen=True)
class PatrolSettings(Settings):
    """How a mission is carried out."""

    update_rate_hz: float = setting(10.0, 'How often the mission is advanced.', low=0.5, high=100.0)
    goal_retry_s: float = setting(2.0, 'A goal the navigator does not answer is sent again after this time.',
                                  low=0.1, high=60.0)
    max_mission_poses: int = setting(10000, 'Longest mission taken over patrol/mission.', low=1, high=1000000)
    photo_timeout_s: float = setting(5.0, 'A photo that has not come after this time is given up.', low=0.1, high=600.0)
    privacy: PrivacySettings = group(PrivacySettings)
