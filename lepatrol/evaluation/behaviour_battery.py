"""Trials of the battery: rounds that it is too small for, with a robot that may believe to use less than it does."""

from __future__ import annotations

from lepatrol.evaluation.battery_run import BatteryJob, run_battery
from lepatrol.evaluation.behaviour_job import BehaviourJob, Verdict, least, most
from lepatrol.evaluation.behaviour_stage import lots_of
from lepatrol.model.mission import MissionState
from lepatrol.model.scenario import Between

_CASES = {'prison': ('perimeter', 20.0), 'border': ('crossing', 16.0)}
"""A route, and the capacity in Wh that one round, the way home and the reserve take: with less it may be refused."""


def battery(job: BehaviourJob) -> Verdict:
    """Let the robot go rounds that it must charge for in between."""
    lots = lots_of(job.trial, job.seed)
    route, capacity_wh = _CASES[job.site]
    capacity_wh *= lots.number(Between(1.0, 1.5))
    belief = lots.number(Between(0.6, 1.0))
    outcome = run_battery(BatteryJob(route, job.seed, capacity_wh, rounds=2, belief=belief, site=job.site))
    flaws = []
    if outcome.answer != 'ok':
        flaws.append(f'it does not set out: {outcome.answer}')
    elif outcome.state != MissionState.DONE.value:
        flaws.append(f'the mission ended {outcome.state}: {outcome.message}')
    if outcome.least_share <= 0.0:
        flaws.append('it stopped with an empty battery')
    if not all(each.charged for each in outcome.returns):
        flaws.append('it came home and was not charged')
    if outcome.waypoints_missed:
        flaws.append(f'{outcome.waypoints_missed} waypoints were missed')
    if not outcome.in_order:
        flaws.append('waypoints were not gone to one after the other, each once')
    if outcome.collisions:
        flaws.append(f'it touched something {outcome.collisions} times')
    about = f'{capacity_wh:.1f} Wh, believing to use {belief:.0%} of the truth, charged {len(outcome.returns)} times'
    return Verdict(
        tuple(flaws), {'least_charge': least(outcome.least_share), 'charged_times': least(len(outcome.returns)),
                       'collisions': most(outcome.collisions)}, about, outcome.duration_s)
