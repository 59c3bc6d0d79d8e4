"""Settings of flight: what a flying robot's navigator needs besides those of one on wheels."""

from __future__ import annotations

from dataclasses import dataclass

from lepatrol.settings.schema import Settings, setting


@dataclass(frozen=True)
class FlightSettings(Settings):
    """How a robot flies from place to place."""

    cruise_speed_m_s: float = setting(3.0, 'Speed on a clear, straight way.', low=0.1, high=20.0)
    takeoff_height_m: float = setting(
        3.0, 'Least height above the ground at which it flies from place to place.', low=0.5, high=500.0)
    clearance_m: float = setting(
        1.0, 'Free space kept beside the robot to what is on the map, and to the edge of the geofence.',
        low=0.0, high=50.0)
    vertical_clearance_m: float = setting(
        1.0, 'Height kept above whatever it flies over.', low=0.0, high=50.0)
    height_tolerance_m: float = setting(0.25, 'A height is reached within this.', low=0.02, high=5.0)
    position_tolerance_m: float = setting(0.35, 'A goal is reached within this distance.', low=0.05, high=10.0)
    landing_rate_m_s: float = setting(0.5, 'Speed downwards on the last metres to the ground.', low=0.05, high=5.0)
    land_after_s: float = setting(
        20.0, 'With a silent sensor the robot hovers, and after this time lands where it is.', low=0.0, high=3600.0)
    fence_patience_s: float = setting(
        15.0, 'Outside its geofence for this long although it flies back, the goal fails and the robot hovers.',
        low=0.1, high=3600.0)
