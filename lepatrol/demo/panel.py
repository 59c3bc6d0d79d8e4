"""How a round goes, as a panel in the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Group, RenderableType
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from lepatrol.model.alerts import Alert
from lepatrol.model.mission import MissionState, MissionStatus

_STATE_WORDS = {
    MissionState.WALKING: 'walking to', MissionState.ACTING: 'at', MissionState.PAUSED: 'paused on the way to',
    MissionState.GOING_HOME: 'going home to',
}


@dataclass(frozen=True)
class RoundView:
    """What the panel shows: the status, how far it is to each stop (metres), and the two clocks (seconds).

    ``stops_m`` are ways from the start of the round, straight from stop to stop.
    """

    status: MissionStatus
    stops_m: Sequence[float]
    simulated_s: float
    wall_s: float
    alerts: Sequence[Alert] = ()

    @property
    def share(self) -> float:
        """Return how much of the round is done, from 0 to 1; detours and noise count as no progress."""
        if self.status.state is MissionState.DONE:
            return 1.0
        ahead = min(self.status.visit, len(self.stops_m) - 1)
        behind_m = self.stops_m[ahead - 1] if ahead > 0 else 0.0
        place_m = min(max(self.status.distance_walked_m, behind_m), self.stops_m[ahead])
        return min(place_m / max(self.stops_m[-1], 1e-9), 0.99)

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
        words = _STATE_WORDS.get(status.state)
        doing = f'{words} {status.waypoint}' if words else status.state.value
        act = f' ({status.action})' if status.action else ''
        rounds = '' if status.rounds == 1 else f', round {status.round} of {status.rounds or "many"}'
        rows = {
            'route': f'{status.mission}{rounds}',
            'stop': f'{min(status.visit + 1, status.visits)} of {status.visits}: {doing}{act}',
            'walked': f'{status.distance_walked_m:.0f} m (the route: about {self.stops_m[-1]:.0f} m)',
            'speed': f'{self.speed_factor:.1f} times real time',
        }
        if self.share < 1.0:
            rows['time left'] = '...' if self.left_s is None else f'about {self.left_s:.0f} s'
        if status.message:
            rows['note'] = status.message
        if self.alerts:
            rows['alerts'] = '\n'.join(f'{alert.kind.words}: {alert.sentence}' for alert in self.alerts)
        for name, value in rows.items():
            facts.add_row(name, Text(value))  # Not markup: a caption may hold brackets.
        return Group(facts, ProgressBar(total=1.0, completed=self.share, width=60))
