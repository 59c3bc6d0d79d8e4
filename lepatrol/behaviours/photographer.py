"""One side of the talk with whoever takes the pictures: requests go out once, answers come in."""

from __future__ import annotations

from lepatrol.model.mission import PhotoRequest

_STAMP_SLACK_S = 1e-6
"""Stamps are rounded on their way through ROS messages and back."""


class Photographer:
    """Have at most one picture on order."""

    def __init__(self) -> None:
        """Order nothing."""
        self.request: PhotoRequest | None = None
        self.name: str | None = None
        """The picture that answers the request, once it is taken."""
        self.failure: str | None = None
        """Why the picture on order cannot be taken."""
        self._unsent = False

    def ask(self, request: PhotoRequest) -> None:
        """Order a picture; an earlier order is forgotten."""
        self.request, self.name, self.failure, self._unsent = request, None, None, True

    def forget(self) -> None:
        """Order nothing any more."""
        self.request, self._unsent = None, False

    def take_request(self) -> PhotoRequest | None:
        """Return the order, once, when it must be sent."""
        unsent, self._unsent = self._unsent, False
        return self.request if unsent else None

    def on_photo(self, stamp_s: float, name: str) -> bool:
        """Tell whether this picture, taken at ``stamp_s``, is the one on order."""
        if not self._answers(stamp_s):
            return False
        self.name = name
        return True

    def on_failed(self, stamp_s: float, reason: str) -> None:
        """Take the news that the picture asked for at or before ``stamp_s`` cannot be taken."""
        if self._answers(stamp_s):
            self.failure = reason

    def _answers(self, stamp_s: float) -> bool:
        return self.request is not None and self.name is None and stamp_s >= self.request.stamp_s - _STAMP_SLACK_S
