"""Settings of leading visitors."""

from __future__ import annotations

from dataclasses import dataclass

from lepatrol.settings.schema import Settings, setting


@dataclass(frozen=True)
class LeadSettings(Settings):
    """How a visitor is led."""

    lag_m: float = setting(4.0, 'The robot waits for a visitor who is farther behind than this.', low=1.0, high=30.0)
    resume_m: float = setting(2.5, 'It goes on when he is within this; less than lag_m.', low=0.5, high=30.0)
    unseen_s: float = setting(3.0, 'It waits when he has not been seen for this long.', low=0.1, high=60.0)
    patience_s: float = setting(40.0, 'It gives up when it has waited for this long.', low=1.0, high=600.0)
    limit_s: float = setting(600.0, 'It gives up after this time in all.', low=10.0, high=3600.0)
    edge_m: float = setting(
        0.6, 'It stops this far before the edge of where visitors may go.', low=0.0, high=10.0)
    attend_s: float = setting(
        300.0, 'The robot stands for visitors who are talked with for so long at most, and then goes on.',
        low=1.0, high=3600.0)
    leg_m: float = setting(6.0, 'Longest piece of the way that is walked at once.', low=1.0, high=100.0)
