"""Settings of the alert book: when two claims are one alert, and how often an alert is told again."""

from __future__ import annotations

from dataclasses import dataclass

from lepatrol.settings.schema import Settings, setting


@dataclass(frozen=True)
class AlertSettings(Settings):
    """How claims become alerts."""

    update_every_s: float = setting(2.0, 'An alert is told again at most this often, unless it got worse.',
                                    low=0.0, high=3600.0)
    fixed_radius_m: float = setting(1.5, 'Things that stand (objects, holes, gates) nearer to each other than this are '
                                         'one.', low=0.0, high=50.0)
    fixed_memory_s: float = setting(43200.0, 'A standing thing that was away longer than this is a new alert.',
                                    low=1.0, high=31536000.0)
    passing_radius_m: float = setting(4.0, 'People and vehicles that turn up nearer than this to where one was lost '
                                           'are the same.', low=0.0, high=50.0)
    passing_memory_s: float = setting(20.0, 'And no later than this after it.', low=0.0, high=3600.0)
    apart_m: float = setting(1.0, 'People and vehicles seen at the same time and farther apart than this are two.',
                             low=0.0, high=50.0)
    episode_s: float = setting(60.0, 'Trouble of the robot or its sensors that was away longer than this is a new '
                                     'alert.', low=0.1, high=86400.0)
    max_alerts: int = setting(5000, 'Alerts kept in memory; the ones seen longest ago go first.', low=10, high=1000000)
