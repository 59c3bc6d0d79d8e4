"""Somebody in the prison's sterile zone is followed, in lockstep, and truly stays in view."""

from lepatrol.evaluation.follow_run import FollowJob, run_follow


def test_who_walks_along_the_fence_stays_in_view_and_nothing_is_touched_nor_blocked():
    outcome = run_follow(FollowJob('walker', 'walker', seed=2, limit_s=25.0))
    assert outcome.followed_s >= 25.0
    assert outcome.possible_s > 15.0
    assert outcome.share >= 0.9
    assert outcome.collisions == 0
    assert outcome.nearest_m > 1.0
    assert outcome.waited_in == ()
