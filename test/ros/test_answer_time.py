"""The greeter's answers are timed over real DDS in a process of its own, whose memory is told."""

from lepatrol import bench
from lepatrol.ros import answer_time


def test_every_question_is_answered_and_the_memory_is_that_of_a_process():
    times_ms, memory_mb = answer_time.measure(bench._greeting, rounds=1)
    assert len(times_ms) == len(answer_time.QUESTIONS)
    assert min(times_ms) > 0.0
    assert 30.0 < memory_mb < 1000.0
