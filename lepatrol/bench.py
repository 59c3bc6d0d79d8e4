"""``make bench``: measure, print a table, write ``out/bench.json``."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path

from rich.console import Console
from rich.table import Table

from lepatrol import bringup
from lepatrol.evaluation import country_speed, speed
from lepatrol.model.errors import LepatrolError
from lepatrol.worldmaking.kinds import KINDS

GOALS = {
    'physics_x_realtime': 300.0, 'sim_scan_x_realtime': 200.0, 'sim_camera_x_realtime': 100.0,
    'lockstep_scan_x_realtime': 60.0, 'lockstep_camera_x_realtime': 40.0, 'four_sim_camera_x_realtime': 25.0,
    'prison_physics_x_realtime': 150.0, 'prison_sim_scan_x_realtime': 100.0, 'prison_sim_camera_x_realtime': 50.0,
    'prison_lockstep_scan_x_realtime': 30.0, 'prison_lockstep_camera_x_realtime': 20.0,
    'plan_prison_ms': 20.0, 'lidar_step_ms': 1.0, 'camera_step_ms': 3.0, 'lockstep_full_x_realtime': 15.0,
    'scan_to_alert_p99_ms': 100.0, 'peak_memory_mb': 500.0,
    'greeter_answer_p50_ms': 20.0, 'greeter_memory_mb': 150.0,
    'border_5km_load_s': 10.0, 'border_5km_sim_camera_share': 0.5, 'border_5km_lockstep_camera_share': 0.5,
}
"""What is aimed at: at least this for speeds and shares of a speed, at most this for times and memory."""
_AT_LEAST = ('_x_realtime', '_share')
_LONG_BORDER_M, _LONG_BORDER_SEED = 5000, 3

PEER = {
    'physics_x_realtime': 94.0, 'sim_scan_x_realtime': 81.0, 'sim_camera_x_realtime': 54.0,
    'four_sim_camera_x_realtime': 12.0,
}
"""Gazebo Classic 11's server, headless, on two cores in the same yard with the same step and sensors."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure everything and return the exit code."""
    parser = argparse.ArgumentParser(prog='python -m lepatrol.bench', description=__doc__)
    parser.add_argument('--output', type=Path, default=Path('out/bench.json'), help='where the figures are written')
    parser.add_argument('--only', nargs='+', choices=country_speed.PARTS, metavar='PREFIX',
                        help=f'measure only the keys that begin so: {", ".join(country_speed.PARTS)}')
    options = parser.parse_args(arguments)
    if options.only:
        return _tell(_measured(Console(stderr=True), options.only), options.output)
    try:
        # Importing pip's ROS 2 starts Python anew, once: that must not happen in the middle of a measurement.
        from lepatrol.ros import alert_latency, answer_time, latency  # noqa: PLC0415
    except ImportError as error:
        print(f'lepatrol bench: live latency needs ROS 2: {error}; `lepatrol doctor` says more', file=sys.stderr)
        return 1
    try:
        results = _measure(
            Console(stderr=True), latency.measure_ms,
            lambda: alert_latency.measure_ms(_watching, *speed.before_a_hole()),
            lambda: answer_time.measure(_greeting))
    except LepatrolError as error:
        print(f'lepatrol bench: {error}', file=sys.stderr)
        return 1
    return _tell(results, options.output)


def _tell(results: speed.Results, output: Path) -> int:
    """Print the figures, write them, and return the exit code."""
    Console().print(table_of(results))
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(json.dumps(results, indent=2) + '\n', encoding='utf-8')
    print(f'written to {output}')
    return 0


def table_of(results: speed.Results) -> Table:
    """Return the figures beside their goals and the peer's."""
    table = Table(title=f'lepatrol on {os.cpu_count()} cores, Python {platform.python_version()}')
    table.add_column('figure')
    for name in ('measured', 'goal', 'Gazebo Classic 11'):
        table.add_column(name, justify='right')
    for key, value in results.items():
        goal = GOALS.get(key)
        fulfilled = goal is None or (value >= goal if key.endswith(_AT_LEAST) else value <= goal)
        form = '.2f' if key.endswith('_share') else '.1f'
        table.add_row(
            key, f'{value:{form}}' if fulfilled else f'[yellow]{value:{form}}[/yellow]',
            '' if goal is None else f'{goal:g}', f'{PEER[key]:g}' if key in PEER else '')
    return table


def _watching(folder: Path) -> list[str]:
    """Return what starts a perimeter node in the prison that tells an alert again with every scan."""
    return bringup.command_line(bringup.NodeSpec('perimeter', parameters={
        'site': 'prison', 'robot': 'ugv', 'output_folder': str(folder), 'alerts.update_every_s': 0.0}))


def _greeting(folder: Path) -> list[str]:
    """Return what starts the greeter of the prison."""
    return bringup.command_line(bringup.NodeSpec('greeter', parameters={
        'knowledge': 'prison', 'visitors': 'prison', 'output_folder': str(folder)}))


def _long_border(folder: Path) -> str:
    """Make a border five times as long as the one that comes with lepatrol; return its site file."""
    world = folder / 'border.sdf'
    made = KINDS['border'](_LONG_BORDER_M, _LONG_BORDER_SEED, world)
    site = world.with_suffix('.yaml')
    world.write_text(made.sdf, encoding='utf-8')
    site.write_text(made.yaml, encoding='utf-8')
    return str(site)


def _measured(progress: Console, parts: Sequence[str]) -> speed.Results:
    """Measure some parts of the country alone."""
    results: speed.Results = {}
    with progress.status('measuring ...'), tempfile.TemporaryDirectory() as folder:
        for name, figures in country_speed.measure(_long_border(Path(folder)), parts):
            progress.print(f'measured: {name}')
            results |= figures
    return {key: round(value, 3) for key, value in results.items()}


def _measure(
    progress: Console, latency_ms: Callable[[], list[float]], alert_ms: Callable[[], list[float]],
    answers: Callable[[], tuple[list[float], float]],
) -> speed.Results:
    results: speed.Results = {}
    with progress.status('measuring, about three minutes ...'), tempfile.TemporaryDirectory() as folder:
        for name, figures in chain(speed.measure(), country_speed.measure(_long_border(Path(folder)))):
            progress.print(f'measured: {name}')
            results |= figures
        times_ms = sorted(latency_ms())
        progress.print('measured: live latency')
        alerts_ms = sorted(alert_ms())
        progress.print('measured: from a scan to its alert')
        answers_ms, memory_mb = answers()
        progress.print('measured: the greeter')
    results['live_latency_p50_ms'] = times_ms[len(times_ms) // 2]
    results['live_latency_p99_ms'] = times_ms[int(len(times_ms) * 0.99)]
    results['scan_to_alert_p50_ms'] = alerts_ms[len(alerts_ms) // 2]
    results['scan_to_alert_p99_ms'] = alerts_ms[int(len(alerts_ms) * 0.99)]
    results['greeter_answer_p50_ms'] = sorted(answers_ms)[len(answers_ms) // 2]
    results['greeter_memory_mb'] = memory_mb
    return {key: round(value, 3) for key, value in results.items()}


if __name__ == '__main__':
    sys.exit(main())
