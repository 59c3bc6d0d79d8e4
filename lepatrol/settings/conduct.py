"""Settings of what a robot does besides its round."""

from __future__ import annotations

from dataclasses import dataclass

from lepatrol.settings.leading import LeadSettings
from lepatrol.settings.schema import Settings, group, setting


@dataclass(frozen=True)
class InvestigateSettings(Settings):
    """How an alert is looked at again."""

    stand_off_m: float = setting(
        6.0, 'The robot looks from no nearer than this, where no policy says otherwise.', low=0.5, high=100.0)
    farthest_m: float = setting(12.0, 'Where that is closed, it looks from no farther than this.', low=1.0, high=200.0)
    look_s: float = setting(8.0, 'It looks for this long before it says that nothing is there.', low=0.1, high=600.0)
    least_look_s: float = setting(1.5, 'It looks for this long although it has seen the thing again.',
                                  low=0.0, high=600.0)
    same_within_m: float = setting(
        3.0, 'An alert of the same kind within this distance is about the same thing.', low=0.0, high=50.0)
    stays_within_m: float = setting(
        1.0, 'A thing that was left is still there when one is within this distance of the place.', low=0.0, high=50.0)
    chase_m: float = setting(
        4.0, 'Who has moved on by this much is looked for from another place.', low=0.5, high=100.0)
    fleeting_s: float = setting(
        2.0, 'Who was seen for less than this, and is not seen again, may never have been there.', low=0.0, high=60.0)


@dataclass(frozen=True)
class InspectSettings(Settings):
    """How an object is inspected; how near is the site's to say."""

    viewpoints: int = setting(8, 'Most places that it is looked at from on one ring.', low=1, high=24)
    farther_m: float = setting(
        3.0, 'Where the ring is closed, it is looked at from so much farther at most.', low=0.5, high=50.0)
    radius_m: float = setting(
        0.6, 'An object whose size is not known yet lies within this distance of its place.', low=0.1, high=5.0)
    warn_m: float = setting(6.0, 'Who comes this near to the object meanwhile is warned.', low=0.0, high=50.0)
    warn_again_s: float = setting(10.0, 'Nobody is warned again before this time has passed.', low=1.0, high=600.0)
    warning: str = setting('Please keep away. An object is being checked.', 'What they are told; empty says nothing.')
    left_within_m: float = setting(
        1.5, 'Who was this near to the place before the object stood there alone may have left it.', low=0.1, high=10.0)


@dataclass(frozen=True)
class FollowSettings(Settings):
    """How a person is kept in view; at which distance, how long and how far is the site's to say."""

    slack_m: float = setting(
        2.0, 'The robot stands still while the person is no farther away than the distance and this.',
        low=0.5, high=50.0)
    farthest_m: float = setting(
        12.0, 'Where that is closed, it watches from no farther than this.', low=1.0, high=200.0)
    lost_s: float = setting(10.0, 'Who is out of sight for longer than this is lost.', low=0.5, high=600.0)
    renew_s: float = setting(1.0, 'It is sent to another place, or turned, no more often than this.',
                             low=0.1, high=60.0)
    turned_rad: float = setting(0.35, 'Turned away from the person by more than this it turns.', low=0.05, high=1.5)
    lead_s: float = setting(1.0, 'It reckons with where they will be in this time.', low=0.0, high=5.0)
    same_within_m: float = setting(
        3.0, 'A person seen anew within this distance of where one was lost is the same.', low=0.1, high=50.0)
    fastest_m_s: float = setting(3.0, 'While out of sight they may go this fast.', low=0.0, high=15.0)
    gate_m: float = setting(2.0, 'It stands no nearer than this to a gate.', low=0.0, high=20.0)
    answer_s: float = setting(1.5, 'Other robots have this long to answer when it hands the person over.',
                              low=0.1, high=30.0)


@dataclass(frozen=True)
class ConductSettings(Settings):
    """What a robot does besides its round."""

    responds: bool = setting(True, 'Whether alerts interrupt a round as the policies of the site say.')
    hand_back_s: float = setting(
        3.0, 'After the last teleop command the robot goes on by itself after this time.', low=0.1, high=60.0)
    wait_s: float = setting(
        120.0, 'Where the site has the robot wait for the operator\'s word, it goes on after this time without one.',
        low=1.0, high=86400.0)
    retry_s: float = setting(
        2.0, 'A way to the lockdown post that failed is tried again after this time.', low=0.1, high=60.0)
    again_after_s: float = setting(
        600.0, 'What is raised again this long after it was looked at is looked at again.', low=0.0, high=86400.0)
    investigate: InvestigateSettings = group(InvestigateSettings)
    inspect: InspectSettings = group(InspectSettings)
    lead: LeadSettings = group(LeadSettings)
    follow: FollowSettings = group(FollowSettings)
