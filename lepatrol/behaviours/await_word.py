"""Wait for the operator's word on a case, standing still."""

from __future__ import annotations

from lepatrol.behaviours.errand import CaseErrand, Ending, Result
from lepatrol.behaviours.visit import Crew
from lepatrol.model.behaviour import BehaviourKind
from lepatrol.model.cases import Case, CaseState


class AwaitWord(CaseErrand):
    """Stand where the robot is until the operator has decided, or has not for so long that the round goes on."""

    kind = BehaviourKind.INVESTIGATE
    unfinished = CaseState.NOTED

    def __init__(self, case: Case, crew: Crew, patience_s: float) -> None:
        """Begin to wait with the first tick; time that something else has the robot counts."""
        super().__init__(f'wait for {case.case_id}', f'{case.words} waits for the operator: {case.sentence}', case)
        self.note = f'standing still: say approve, confirm or dismiss {case.case_id}'
        self._crew = crew
        self._patience_s = patience_s
        self._since_s: float | None = None

    def tick(self) -> Ending | None:
        """Look at the time."""
        if self._since_s is None:
            self._since_s = self._crew.watch.elapsed_s
        if self._crew.watch.elapsed_s - self._since_s < self._patience_s:
            return None
        return Ending(Result.FAILED, f'no word came from the operator within {self._patience_s:g} s')

    def interrupt(self) -> None:
        """Take nothing back, for nothing was asked."""
