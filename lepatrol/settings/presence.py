"""Settings of who is greeted, and when."""

from __future__ import annotations

from dataclasses import dataclass

from lepatrol.settings.schema import Settings, setting


@dataclass(frozen=True)
class PresenceSettings(Settings):
    """When a person has come to the robot, and when he has gone; all distances are from the robot."""

    engage_m: float = setting(2.5, 'Who stands within this distance may have come to the robot.', low=0.5, high=20.0)
    leave_m: float = setting(
        4.0, 'Who is farther than this has gone; it must be more than engage_m.', low=0.5, high=40.0)
    standing_m_s: float = setting(0.5, 'Who is faster than this passes by.', low=0.05, high=3.0)
    dwell_s: float = setting(1.5, 'Who has come nearer before stays for this long before he is greeted.',
                             low=0.0, high=60.0)
    still_dwell_s: float = setting(
        5.0, 'The same for who has stood there all along: he may have come for something else.', low=0.0, high=600.0)
    approach_m: float = setting(0.7, 'Who has come nearer by this much has come up to the robot.', low=0.1, high=10.0)
    approach_s: float = setting(10.0, 'Time in which he has.', low=1.0, high=60.0)
    leave_s: float = setting(1.5, 'Who is far for this long has gone: a step back is no farewell.', low=0.0, high=60.0)
    lost_s: float = setting(6.0, 'Who is not seen for this long has gone.', low=0.5, high=60.0)
    memory_s: float = setting(
        600.0, 'Nobody is greeted twice in this time; for as long it is remembered where somebody was, and nothing '
        'else of him.', low=1.0, high=86400.0)
    same_place_m: float = setting(
        1.5, 'Who appears within this distance of where somebody was lost is the same person ...', low=0.1, high=10.0)
    same_person_s: float = setting(30.0, '... if it is within this time.', low=0.0, high=3600.0)
    gone_s: float = setting(
        3.0, 'Who has gone and is then not seen for this long is somebody else when he is seen again: in a queue, the '
        'next one.', low=0.5, high=3600.0)
    most: int = setting(8, 'Most people who are talked with at once.', low=1, high=100)
