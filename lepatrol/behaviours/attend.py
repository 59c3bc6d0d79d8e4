"""Staying with visitors as an errand: the robot stands while somebody is talked with."""

from __future__ import annotations

from collections.abc import Callable

from lepatrol.behaviours.errand import Ending, Errand, Result
from lepatrol.behaviours.stopwatch import Stopwatch
from lepatrol.model.behaviour import BehaviourKind


class Attend(Errand):
    """Stand where it is as long as somebody is there, and no longer than ``limit_s``: a round must not be held up."""

    kind = BehaviourKind.GREET

    def __init__(self, watch: Stopwatch, is_anybody_there: Callable[[], bool], limit_s: float) -> None:
        """Begin to count when first ticked."""
        super().__init__('attend', 'visitors are talked with')
        self._watch = watch
        self._is_anybody_there = is_anybody_there
        self._limit_s = limit_s
        self._began_s: float | None = None

    def tick(self) -> Ending | None:
        """Look whether somebody is still there; nothing is asked of the navigator."""
        if self._began_s is None:
            self._began_s = self._watch.elapsed_s
        self.note = 'talking with visitors'
        if not self._is_anybody_there():
            return Ending(Result.DONE, 'nobody is there any more')
        if self._watch.elapsed_s - self._began_s >= self._limit_s:
            return Ending(Result.DONE, f'{self._limit_s:g} s are enough')
        return None

    def interrupt(self) -> None:
        """Nothing was asked of anybody."""
