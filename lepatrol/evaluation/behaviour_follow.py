"""Trials of following: who walks where nobody ought to be stays in view as long as that is possible."""

from __future__ import annotations

from lepatrol.evaluation.behaviour_job import BehaviourJob, Verdict, least, most
from lepatrol.evaluation.follow_run import FollowJob, run_follow

_SCENARIOS = {'prison': 'walker', 'border': 'border_walker'}
_LEAST_SHARE = 0.9
_LIMIT_S = 80.0


def follow(job: BehaviourJob) -> Verdict:
    """Let somebody walk along the fence and stop and turn, and have the robot keep them in view."""
    outcome = run_follow(FollowJob(_SCENARIOS[job.site], 'walker', job.seed, _LIMIT_S))
    flaws = []
    if not outcome.possible_s:
        flaws.append('nobody was followed')
    elif outcome.share < _LEAST_SHARE:
        flaws.append(f'they were in view for {outcome.share:.0%} of the {outcome.possible_s:.0f} s that this was '
                     f'possible, not for {_LEAST_SHARE:.0%}')
    if outcome.collisions:
        flaws.append(f'while it drove it touched something {outcome.collisions} times')
    flaws += [f'it stood in the way in {zone}' for zone in outcome.waited_in]
    figures = {'in_view_share': least(outcome.share), 'possible_s': least(outcome.possible_s),
               'nearest_m': least(outcome.nearest_m), 'collisions': most(outcome.collisions)}
    return Verdict(tuple(flaws), figures, outcome.ending, outcome.followed_s)
