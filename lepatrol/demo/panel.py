"""How a round goes, as a panel in the terminal."""

from __future__ import annotations

from dataclasses import dataclass

from rich.console import Group, RenderableType
from rich.progress_bar import ProgressBar
from rich.table import Table

from lepatrol.model.mission import MissionState, MissionStatus

_STATE_WORDS = {
    MissionState.WALKING: 'walking to', MissionState.ACTING: 'at', MissionState.PAUSED: 'paused on the way to',
    MissionState.GOING_HOME: 'going home to',
}


@dataclass(frozen=True)
class RoundView:
    """What the panel shows: the status, the length of the round (metres) and the two clocks (seconds)."""

    status: MissionStatus
    length_m: float
    simulated_s: float
    wall_s: float

    @property
    def share(self) -> float:
        """Return how much of the round is done, from 0 to 1."""
        if self.status.state is MissionState.DONE:
            return 1.0
        return min(self.status.distance_walked_m / max(self.length_m, 1e-9), 0.99)

    @property
    def speed_factor(self) -> float:
        """Return how many times faster than real time it goes."""
        return self.simulated_s / self.wall_s if self.wall_s > 0.0 else 0.0

    @property
    def left_s(self) -> float | None:
        """Return the time left on the wall clock, None before it can be told."""
        if self.share < 0.02:
            return None
        return self.wall_s * (1.0 - self.share) / self.share

    def __rich__(self) -> RenderableType:
        """Draw the panel."""
        status = self.status
        facts = Table.grid(padding=(0, 2))
        facts.add_column(style='bold')
        facts.add_column()
        doing = _STATE_WORDS.get(status.state, status.state.value)
        act = f' ({status.action})' if status.action else ''
        facts.add_row('route', f'{status.mission}, round {status.round} of {status.rounds or "many"}')
        facts.add_row('waypoint', f'{min(status.visit + 1, status.visits)} of {status.visits}: '
                                  f'{doing} {status.waypoint}{act}')
        facts.add_row('walked', f'{status.distance_walked_m:.0f} m of about {self.length_m:.0f} m')
        facts.add_row('speed', f'{self.speed_factor:.1f} times real time')
        facts.add_row('time left', '...' if self.left_s is None else f'about {self.left_s:.0f} s')
        if status.message:
            facts.add_row('note', status.message)
        return Group(facts, ProgressBar(total=1.0, completed=self.share, width=60))
