"""One viewpoint of an inspection as a behaviour tree: go there, come to rest, and have perception study the object."""

from __future__ import annotations

from py_trees.behaviour import Behaviour
from py_trees.common import Status
from py_trees.composites import Sequence

from lepatrol.behaviours.visit import Crew, GoTo, Stand
from lepatrol.model.inspection import StudyRequest
from lepatrol.model.site import Point2, Waypoint

_REST_S = 0.5
"""What is sensed so long after the robot came to the place, it sensed while standing still."""
_STUDY_S = 20.0


class StudyObject(Behaviour):
    """Ask what the object looks like from here, and wait for the answer; FAILURE when none comes."""

    def __init__(self, crew: Crew, inspection_id: str, viewpoint: int, target_m: Point2, radius_m: float) -> None:
        """Ask nothing yet."""
        super().__init__('study the object')
        self._crew = crew
        self._question = (inspection_id, target_m, radius_m, viewpoint)
        self._began_s = 0.0

    def initialise(self) -> None:
        """Ask."""
        watch = self._crew.watch
        self.feedback_message = ''
        self._began_s = watch.elapsed_s
        inspection_id, target_m, radius_m, viewpoint = self._question
        self._crew.surveyor.ask(StudyRequest(inspection_id, target_m, radius_m, viewpoint, watch.now_s))

    def update(self) -> Status:
        """Look whether the answer has come."""
        if self._crew.surveyor.study is not None:
            return Status.SUCCESS
        if self._crew.watch.elapsed_s - self._began_s >= _STUDY_S:
            self.feedback_message = f'perception did not say what it sees within {_STUDY_S:g} s'
            return Status.FAILURE
        return Status.RUNNING

    def terminate(self, new_status: Status) -> None:
        """Ask no more, unless the answer is there to be read."""
        if new_status is not Status.SUCCESS:
            self._crew.surveyor.forget()


def look_at_object(
    crew: Crew, view: Waypoint, inspection_id: str, viewpoint: int, target_m: Point2, radius_m: float,
) -> Sequence:
    """Return the tree that studies an object from one place."""
    return Sequence(f'viewpoint {viewpoint}', memory=True, children=[
        GoTo(crew, view, view.yaw_rad), Stand(crew, _REST_S),
        StudyObject(crew, inspection_id, viewpoint, target_m, radius_m)])
