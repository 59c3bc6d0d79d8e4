"""What others may see of what the robot sees: masked pictures, what is marked in them, and what alerts rest on."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from lepatrol.model.alerts import Alert, Claim
from lepatrol.model.findings import Box
from lepatrol.model.tracks import Track
from lepatrol.perception.annotate import Mark
from lepatrol.perception.evidence import Exhibit
from lepatrol.perception.masking import Masker
from lepatrol.perception.shot import MaskedPicture, Shot

_PICTURE_KEPT_S = 1.0
"""A picture older than this shows nothing of what an alert is about."""
_SENTENCE_SHOWN_S = 8.0
_TRACK_SHOWN_S = 0.25


class Showcase:
    """Keep the newest pictures; each is masked when it is first asked for."""

    def __init__(self, masker: Masker) -> None:
        """Have nothing to show yet."""
        self.shot: Shot | None = None
        """The newest picture of the camera ahead, as it was taken."""
        self.shot_from_above: Shot | None = None
        self._masker = masker
        self._picture: MaskedPicture | None = None
        self._recent: list[Alert] = []

    def put(self, shot: Shot) -> None:
        """Take a picture of the camera ahead."""
        self.shot, self._picture = shot, None

    @property
    def picture(self) -> MaskedPicture | None:
        """Return the newest picture, masked."""
        if self._picture is None and self.shot is not None:
            self._picture = self.shot.masked(self._masker)
        return self._picture

    def exhibit(self, alert: Alert, claims: Sequence[Claim], beyond: Exhibit) -> Exhibit:
        """Return what there is to show of an alert, with what ``beyond`` has besides pictures.

        A picture is shown only if the alert's place is in it, or it has none.
        """
        boxes = [claim.box for claim in claims if (claim.kind, claim.about) == (alert.kind, alert.about)]
        picture, box = _shown(self.picture, alert, next(iter(filter(None, boxes)), None))
        if picture is None and self.shot_from_above is not None:
            picture, box = _shown(self.shot_from_above.masked(self._masker), alert, None)
        return dataclasses.replace(beyond, masked_rgb=picture.rgb if picture else None, box=box)

    def note(self, alerts: Sequence[Alert], now_s: float) -> None:
        """Take the alerts that are new or changed."""
        recent = {alert.alert_id: alert for alert in (*self._recent, *alerts)}.values()
        self._recent = [alert for alert in recent if now_s - alert.last_seen_s <= _SENTENCE_SHOWN_S]

    @property
    def sentences(self) -> list[str]:
        """Return what was claimed in the last seconds, the gravest first."""
        return [alert.sentence for alert in sorted(self._recent, key=lambda alert: -alert.severity.rank)]


def marks_of(tracks: Sequence[Track], claims: Sequence[Claim], now_s: float) -> list[Mark]:
    """Return what to mark in the newest picture: what is followed, then what claims are about."""
    fresh = [track for track in tracks if track.box and now_s - track.last_seen_s <= _TRACK_SHOWN_S]
    return [*(Mark(track.box, track.kind.value) for track in fresh if track.box),
            *(Mark(claim.box, claim.kind.words, claim.severity) for claim in claims if claim.box)]


def _shown(picture: MaskedPicture | None, alert: Alert, box: Box | None) -> tuple[MaskedPicture | None, Box | None]:
    """Return a picture and where it shows what an alert is about, None where it is too old or does not."""
    if picture is None or abs(alert.last_seen_s - picture.stamp_s) > _PICTURE_KEPT_S:
        return None, None
    if alert.position_m is None:
        return picture, None
    box = box or picture.box_at(alert.position_m)
    return (picture, box) if box else (None, None)
