"""What rounds of routes come to, over all seeds, and as JSON."""

from __future__ import annotations

import math
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lepatrol.evaluation.campaign import Campaign
from lepatrol.evaluation.round_run import RoundOutcome
from lepatrol.evaluation.statistics import Estimate, bootstrap, mean, wilson
from lepatrol.evaluation.summary import Json, rounded, with_interval, write_figures


@dataclass(frozen=True, slots=True)
class RoundFigures:
    """What several rounds of one route come to. Failed runs are counted, and no more.

    Waypoints, collisions and breaks are counted over all runs, distance and duration are means per run;
    ``arrival_error_m`` and ``battery_left`` are the worst of all.
    """

    runs: int
    failed: int
    flawless: int
    flawless_rate: Estimate
    waypoints: int
    waypoints_missed: int
    collisions: int
    geofence_breaks: int
    keep_out_breaks: int
    arrival_error_m: float | None
    battery_left: float | None
    distance_m: Estimate
    duration_s: Estimate
    realtime_factor: Estimate


@dataclass(frozen=True, slots=True)
class RoundResults:
    """What a campaign of rounds comes to, by route in the order of the command; ``robot`` None is each route's own."""

    site: str
    robot: str | None
    routes: dict[str, RoundFigures]
    outcomes: tuple[RoundOutcome, ...]
    interrupted: bool

    @property
    def flawless(self) -> bool:
        """Tell whether every run that was done was flawless."""
        return all(outcome.flawless for outcome in self.outcomes)


def round_results(campaign: Campaign[RoundOutcome], site: str, robot: str | None = None) -> RoundResults:
    """Sum up a campaign of rounds on a site."""
    by_route: dict[str, list[RoundOutcome]] = {}
    for outcome in campaign.outcomes:
        by_route.setdefault(outcome.route, []).append(outcome)
    return RoundResults(
        site, robot, {route: round_figures(runs) for route, runs in by_route.items()}, campaign.outcomes,
        campaign.interrupted)


def round_figures(outcomes: Sequence[RoundOutcome]) -> RoundFigures:
    """Sum up some rounds of one route."""
    good = [outcome for outcome in outcomes if not outcome.failed]
    flawless = sum(outcome.flawless for outcome in outcomes)
    errors = [outcome.arrival_error_m for outcome in good if math.isfinite(outcome.arrival_error_m)]
    charges = [outcome.battery_left for outcome in good if outcome.battery_left is not None]
    return RoundFigures(
        runs=len(outcomes), failed=len(outcomes) - len(good), flawless=flawless,
        flawless_rate=wilson(flawless, len(outcomes)),
        waypoints=sum(outcome.waypoints for outcome in good),
        waypoints_missed=sum(outcome.waypoints_missed for outcome in good),
        collisions=sum(outcome.collisions for outcome in good),
        geofence_breaks=sum(outcome.geofence_breaks for outcome in good),
        keep_out_breaks=sum(outcome.keep_out_breaks for outcome in good),
        arrival_error_m=max(errors, default=None), battery_left=min(charges, default=None),
        distance_m=bootstrap([outcome.distance_m for outcome in good], mean),
        duration_s=bootstrap([outcome.duration_s for outcome in good], mean),
        realtime_factor=bootstrap([outcome.realtime_factor for outcome in good], mean))


def write_rounds_json(results: RoundResults, path: Path) -> None:
    """Write everything to a file; what is not known is null."""
    write_figures(rounds_as_json(results), path)


def rounds_as_json(results: RoundResults) -> Json:
    """Return everything as JSON has it."""
    return {
        'site': results.site, 'robot': results.robot, 'interrupted': results.interrupted,
        'routes': {route: _figures(figures) for route, figures in results.routes.items()},
        'per_run': [_run(outcome, results) for outcome in results.outcomes]}


def replay_round(outcome: RoundOutcome, results: RoundResults) -> str:
    """Return the command that does this round again, alone."""
    words = ['lepatrol', 'rounds', outcome.route, '--site', results.site, '--seed', str(outcome.seed)]
    return shlex.join([*words, *(['--robot', results.robot] if results.robot else [])])


def _figures(figures: RoundFigures) -> Json:
    return {
        'runs': figures.runs, 'failed': figures.failed, 'flawless': figures.flawless,
        **with_interval('flawless_rate', figures.flawless_rate),
        'waypoints': figures.waypoints, 'waypoints_missed': figures.waypoints_missed,
        'collisions': figures.collisions, 'geofence_breaks': figures.geofence_breaks,
        'keep_out_breaks': figures.keep_out_breaks, 'arrival_error_m': rounded(figures.arrival_error_m),
        'battery_left': rounded(figures.battery_left), **with_interval('distance_m', figures.distance_m),
        **with_interval('duration_s', figures.duration_s),
        **with_interval('realtime_factor', figures.realtime_factor)}


def _run(outcome: RoundOutcome, results: RoundResults) -> Json:
    return {
        'route': outcome.route, 'seed': outcome.seed, 'replay': replay_round(outcome, results),
        'error': outcome.error or None, 'flawless': outcome.flawless, 'waypoints': outcome.waypoints,
        'waypoints_missed': outcome.waypoints_missed, 'collisions': outcome.collisions,
        'geofence_breaks': outcome.geofence_breaks, 'keep_out_breaks': outcome.keep_out_breaks,
        'arrival_error_m': rounded(outcome.arrival_error_m), 'battery_left': rounded(outcome.battery_left),
        'distance_m': rounded(outcome.distance_m), 'duration_s': rounded(outcome.duration_s),
        'message': outcome.message, 'realtime_factor': rounded(outcome.realtime_factor),
        'wall_time_s': rounded(outcome.wall_time_s)}
