"""Runs made by hand, and functions that campaigns under test run in other processes."""

import os
import signal

from lepatrol.evaluation.behaviour_job import BehaviourOutcome, least, most
from lepatrol.evaluation.job import FalseAlarm, Report, RunOutcome, SubjectResult
from lepatrol.evaluation.round_run import RoundOutcome
from lepatrol.model.alerts import Alert, AlertKind, Severity
from lepatrol.model.errors import LepatrolError


def an_alert(alert_id='robot-0001', kind=AlertKind.ZONE_INTRUSION, position_m=(0.0, 0.0), last_seen_s=10.0, **changes):
    facts = {
        'alert_id': alert_id, 'kind': kind, 'about': 'track 1', 'severity': Severity.CRITICAL, 'confidence': 0.9,
        'position_m': position_m, 'deviation_m': 0.1, 'zone': 'sterile_north', 'first_seen_s': 9.0,
        'last_seen_s': last_seen_s, 'robot': 'robot', 'rule': 'zone_intrusion', 'sentence': 'a person-sized thing'}
    return Alert(**{**facts, **changes})


def a_report(at_s=10.0, **changes):
    return Report(at_s, an_alert(**{'last_seen_s': at_s, **changes}))


def a_subject(name='intruder', *, found=True, time_s=1.5, error_m=0.2, **changes):
    facts = {
        'name': name, 'kinds': (AlertKind.ZONE_INTRUSION,), 'in_view_s': 10.0, 'found': found,
        'time_to_alert_s': time_s if found else None, 'localisation_error_m': error_m if found else None,
        'alert_id': 'robot-0001' if found else '', 'nearest_m': 4.0, 'nearest_at_s': 12.0}
    return SubjectResult(**{**facts, **changes})


def a_false_alarm(**changes):
    facts = {'at_s': 33.0, 'alert_id': 'robot-0002', 'kind': AlertKind.FENCE_APPROACH, 'rule': 'fence_approach',
             'sentence': 'a cat-sized thing near the fence', 'position_m': (1.0, 2.0)}
    return FalseAlarm(**{**facts, **changes})


def an_outcome(scenario='intruder_night', seed=1, **changes):
    facts = {'duration_s': 120.0, 'distance_m': 90.0, 'wall_time_s': 10.0}
    return RunOutcome(scenario, seed, **{**facts, **changes})


def run_well(job):
    subjects = () if job.scenario.startswith('quiet') else (a_subject(),)
    return an_outcome(job.scenario, job.seed, subjects=subjects)


def run_with_mishaps(job):
    """Raise for the seed 2, raise a user's error for 3, die at 4 and be killed at 5."""
    if job.seed == 2:
        raise ValueError('the fence is upside down')
    if job.seed == 3:
        raise LepatrolError('no such fence')
    if job.seed == 4:
        os._exit(7)
    if job.seed == 5:
        os.kill(os.getpid(), signal.SIGKILL)
    return run_well(job)


def run_until_told_to_end(job):
    """Do the seed 1; with the seed 2 have the command told to end, as the system does that shuts down."""
    if job.seed == 2:
        os.kill(os.getppid(), signal.SIGTERM)
        signal.pause()
    return run_well(job)


def tell_the_environment(job):
    threads = ','.join(os.environ.get(name, '') for name in ('OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS'))
    blocked = signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, ())
    return RunOutcome(job.scenario, job.seed, error=f'{threads} {blocked} {os.getpid()}')


def a_round(route='perimeter', seed=1, **changes):
    facts = {'waypoints': 16, 'arrival_error_m': 0.1, 'distance_m': 350.0, 'duration_s': 360.0, 'wall_time_s': 6.0,
             'message': f'{route} is done'}
    return RoundOutcome(route, seed, **{**facts, **changes})


def go_well(job):
    return a_round(job.route, job.seed)


def go_until_told_to_end(job):
    """Go the seed 1; with the seed 2 have the command told to end."""
    if job.seed == 2:
        os.kill(os.getppid(), signal.SIGTERM)
        signal.pause()
    return go_well(job)


def go_astray(job):
    """Touch something with the seed 2, leave the geofence with 3, and do not begin with 4."""
    if job.seed == 4:
        raise LepatrolError('the patrol does not begin')
    return a_round(job.route, job.seed, collisions=int(job.seed == 2), geofence_breaks=2 * (job.seed == 3))


def a_trial(trial='investigate', site='prison', seed=1, **changes):
    facts = {'figures': {'stood_off_m': least(5.0 + seed), 'took_s': most(10.0 * seed)},
             'about': f'what {seed} was like', 'duration_s': 60.0, 'wall_time_s': 10.0}
    return BehaviourOutcome(trial, site, seed, **{**facts, **changes})


def behave_well(job):
    return a_trial(job.trial, job.site, job.seed)


def behave_until_told_to_end(job):
    """Do the seed 1; with the seed 2 have the command told to end."""
    if job.seed == 2:
        os.kill(os.getppid(), signal.SIGTERM)
        signal.pause()
    return behave_well(job)


def behave_badly(job):
    """Come too near with the seed 2, and do not begin with 3."""
    if job.seed == 3:
        raise LepatrolError('the walk does not begin')
    return a_trial(job.trial, job.site, job.seed, reasons=('it came too near', 'it was late') if job.seed == 2 else ())
