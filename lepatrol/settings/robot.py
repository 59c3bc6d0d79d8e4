"""What a robot can do: ``config/robots/NAME.yaml``."""

from __future__ import annotations

from dataclasses import dataclass

from lepatrol.model.site import Medium
from lepatrol.settings.energy import EnergySettings
from lepatrol.settings.schema import Settings, group, setting


@dataclass(frozen=True)
class RobotSettings(Settings):
    """Size and limits of one kind of robot; nothing ever commands more than these."""

    locomotion: str = setting('ground', 'How it moves: on the ground, or in the air.', choices=('ground', 'air'))
    footprint_radius_m: float = setting(0.45, 'Radius of the circle that holds the robot seen from above.',
                                        low=0.01, high=10.0)
    max_speed_m_s: float = setting(1.5, 'Highest forward speed.', low=0.01, high=20.0)
    max_reverse_speed_m_s: float = setting(0.3, 'Highest backward speed.', low=0.0, high=20.0)
    max_turn_rate_rad_s: float = setting(1.5, 'Highest turn rate.', low=0.01, high=10.0)
    max_acceleration_m_s2: float = setting(1.0, 'Highest rise of speed.', low=0.01, high=20.0)
    max_deceleration_m_s2: float = setting(2.0, 'Highest fall of speed in normal driving.', low=0.01, high=20.0)
    max_turn_acceleration_rad_s2: float = setting(3.0, 'Highest change of turn rate.', low=0.01, high=50.0)
    max_climb_rate_m_s: float = setting(2.0, 'Highest speed upwards, in the air.', low=0.01, high=20.0)
    max_descent_rate_m_s: float = setting(1.0, 'Highest speed downwards, in the air.', low=0.01, high=20.0)
    energy: EnergySettings = group(EnergySettings)

    @property
    def medium(self) -> Medium:
        """Return where the robot moves."""
        return Medium(self.locomotion)
