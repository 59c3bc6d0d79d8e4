"""The trials of what a robot does besides its round, by name."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lepatrol.evaluation.behaviour_alerts import investigate, withdraw
from lepatrol.evaluation.behaviour_battery import battery
from lepatrol.evaluation.behaviour_follow import follow
from lepatrol.evaluation.behaviour_greeting import greet_nobody, greet_queue, greet_two
from lepatrol.evaluation.behaviour_inspections import inspect_free, inspect_wall, parcel, standoff_people
from lepatrol.evaluation.behaviour_job import BehaviourJob, BehaviourOutcome, Verdict
from lepatrol.evaluation.behaviour_leading import lead, lead_astray
from lepatrol.evaluation.behaviour_lockdown import lockdown
from lepatrol.model.errors import LepatrolError

BOTH = ('prison', 'border')


@dataclass(frozen=True, slots=True)
class Trial:
    """A trial: what it puts to the test, the sites it can be held on, and what holds it."""

    about: str
    sites: tuple[str, ...]
    run: Callable[[BehaviourJob], Verdict]


TRIALS: dict[str, Trial] = {
    'investigate': Trial('somebody climbs over the fence: found, confirmed, and the round goes on', BOTH, investigate),
    'withdraw': Trial('a false alarm is withdrawn at the second look', BOTH, withdraw),
    'inspect_free': Trial('an object in the open is inspected from all sides', BOTH, inspect_free),
    'inspect_wall': Trial('an object against a wall or fence is inspected', BOTH, inspect_wall),
    'parcel': Trial('an object that the site knows is closed by its label', BOTH, parcel),
    'standoff_people': Trial('the stand-off is kept while people walk about, and they are warned', BOTH,
                             standoff_people),
    'follow': Trial('who walks along the fence stays in view', BOTH, follow),
    'lockdown': Trial('in a lockdown the robot obeys within 2 s, and goes on after the release', BOTH, lockdown),
    'greet_queue': Trial('visitors in a queue are greeted once each, and their badges answered rightly', BOTH,
                         greet_queue),
    'greet_two': Trial('two who talk at once are answered apart', BOTH, greet_two),
    'greet_nobody': Trial('nobody on duty is greeted, and nobody who passes by', BOTH, greet_nobody),
    'lead': Trial('one is led, waited for when he lags, and no farther than visitors may go', BOTH, lead),
    'lead_astray': Trial('who walks off is given up, and his orders are only words', BOTH, lead_astray),
    'battery': Trial('rounds that the battery is too small for: never empty, charged, and gone on with', BOTH, battery),
}


def behaviour_jobs(trials: Sequence[str], sites: Sequence[str], seeds: Sequence[int]) -> list[BehaviourJob]:
    """Return a job for each seed, trial and site that the trial can be held on; no trials named are all.

    :raises LepatrolError: for a trial that there is not, or that can be held on none of the sites.
    """
    names = list(dict.fromkeys(trials)) or list(TRIALS)
    for name in names:
        if name not in TRIALS:
            raise LepatrolError(f'there is no trial {name!r}; known are: {", ".join(TRIALS)}')
        if trials and not set(sites) & set(TRIALS[name].sites):
            raise LepatrolError(f'trial {name}: is held on {", ".join(TRIALS[name].sites)}, not on {", ".join(sites)}')
    return [BehaviourJob(name, seed, site) for seed in seeds for name in names for site in TRIALS[name].sites
            if site in sites]


def run_behaviour(job: BehaviourJob) -> BehaviourOutcome:
    """Hold one trial.

    :raises LepatrolError: if it cannot be held, or does not come to an end.
    """
    begun_s = time.perf_counter()
    verdict = TRIALS[job.trial].run(job)
    return BehaviourOutcome(
        job.trial, job.site, job.seed, reasons=verdict.reasons, figures=verdict.figures, about=verdict.about,
        duration_s=verdict.duration_s, wall_time_s=time.perf_counter() - begun_s)
