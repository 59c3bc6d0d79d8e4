"""One side of the talk with perception about objects: a request goes out, and again until the answer comes."""

from __future__ import annotations

from lepatrol.behaviours.stopwatch import Stopwatch
from lepatrol.model.inspection import Study, StudyRequest

_AGAIN_S = 3.0
"""A request that is not answered for this long is sent again: whoever answers may have been started anew."""


class Surveyor:
    """Have at most one question on what an object looks like."""

    def __init__(self, watch: Stopwatch) -> None:
        """Ask nothing."""
        self.study: Study | None = None
        """The answer to the request, once it has come."""
        self._watch = watch
        self._request: StudyRequest | None = None
        self._sent_at_s: float | None = None

    def ask(self, request: StudyRequest) -> None:
        """Ask; an earlier question is forgotten."""
        self._request, self.study, self._sent_at_s = request, None, None

    def forget(self) -> None:
        """Ask nothing any more."""
        self._request = self.study = None

    def on_study(self, study: Study) -> None:
        """Take an answer; one to another question is passed over."""
        asked = self._request
        if asked is not None and (study.view.inspection_id, study.view.viewpoint) == (
                asked.inspection_id, asked.viewpoint):
            self.study = study

    def take_request(self) -> StudyRequest | None:
        """Return the question when it must be sent now."""
        if self._request is None or self.study is not None:
            return None
        if self._sent_at_s is not None and self._watch.elapsed_s - self._sent_at_s < _AGAIN_S:
            return None
        self._sent_at_s = self._watch.elapsed_s
        return self._request
