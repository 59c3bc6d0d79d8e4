"""Settings of what a robot does besides its round."""

from __future__ import annotations

from dataclasses import dataclass

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
    chase_m: float = setting(
        4.0, 'Who has moved on by this much is looked for from another place.', low=0.5, high=100.0)
    fleeting_s: float = setting(
        2.0, 'Who was seen for less than this, and is not seen again, may never have been there.', low=0.0, high=60.0)


@dataclass(frozen=True)
class ConductSettings(Settings):
    """What a robot does besides its round."""

    responds: bool = setting(True, 'Whether alerts interrupt a round as the policies of the site say.')
    hand_back_s: float = setting(
        3.0, 'After the last teleop command the robot goes on by itself after this time.', low=0.1, high=60.0)
    investigate: InvestigateSettings = group(InvestigateSettings)
