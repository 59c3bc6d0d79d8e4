"""What a robot uses up: part of ``config/robots/NAME.yaml``."""

from __future__ import annotations

from dataclasses import dataclass

from lepatrol.settings.schema import Settings, setting


@dataclass(frozen=True)
class EnergySettings(Settings):
    """What the battery holds, and what standing, driving, turning and flying take of it.

    Without a capacity nothing is reckoned, and only the battery's own charge says when it is time to go home. How far
    the figures are from the truth is learned on the way, within bounds.
    """

    capacity_wh: float = setting(0.0, 'What the battery holds when it is full; 0 is not known.', low=0.0, high=1e6)
    standing_w: float = setting(0.0, 'Power of computer, radio and motors at rest.', low=0.0, high=1e5)
    sensors_w: float = setting(0.0, 'Power of lidar, cameras and other sensors.', low=0.0, high=1e5)
    hover_w: float = setting(0.0, 'Power of the rotors, beyond all that, in the air.', low=0.0, high=1e5)
    driving_j_m: float = setting(0.0, 'Energy of a metre beyond all that.', low=0.0, high=1e5)
    turning_j_rad: float = setting(0.0, 'Energy of a turn by a radian beyond all that.', low=0.0, high=1e5)
    climbing_j_m: float = setting(0.0, 'Energy of a metre upwards beyond all that.', low=0.0, high=1e5)
    pace_m_s: float = setting(1.0, 'Speed on the whole, with corners and halts, that times are reckoned by.',
                              low=0.01, high=20.0)
    detour: float = setting(1.2, 'How much longer a way is than the straight line, where it is not known better.',
                            low=1.0, high=10.0)

    @property
    def is_known(self) -> bool:
        """Tell whether there is a capacity to reckon with."""
        return self.capacity_wh > 0.0
