"""A view that is not what it was when it was learned."""

from __future__ import annotations

from lepatrol.model.alerts import AlertKind, Claim, Severity
from lepatrol.model.findings import Box, Change, ChangeKind
from lepatrol.perception.rules.ground import between_m
from lepatrol.perception.rules.reading import Reader
from lepatrol.perception.rules.rule import Rule
from lepatrol.perception.rules.words import size
from lepatrol.perception.situation import Situation
from lepatrol.settings.rules import SceneChangeSettings

_WORDS = {ChangeKind.NEW: 'something new is', ChangeKind.CHANGED: 'something changed'}


class SceneChange(Rule):
    """In the view learned for a place there is something new, or something looks otherwise: a door, a window.

    A picture cannot tell what it means, so this is a notice. What is followed anyway, a person who stands in the
    picture, explains a change, and other rules speak of him.
    """

    name = 'scene_change'

    def __init__(self, reader: Reader, settings: SceneChangeSettings) -> None:
        """Begin with nothing changed."""
        self._reader = reader
        self._settings = settings

    def reset(self) -> None:
        """Do nothing: each view is compared by itself."""

    def judge(self, situation: Situation) -> list[Claim]:
        """Return a claim for each change in the views that nothing explains."""
        claims = []
        for change in situation.changes:
            if (change.kind in _WORDS and change.confidence >= self._settings.min_confidence
                    and not self._is_explained(change, situation)):
                claims.append(self._claim(change))
        return claims

    def _is_explained(self, change: Change, situation: Situation) -> bool:
        if change.position_m is not None:
            for suspect in self._reader.read(situation).suspects:
                if between_m(suspect.track.position_m, change.position_m) <= self._settings.explained_m:
                    return True
        return change.box is not None and any(
            track.box is not None and _share(change.box, track.box) >= self._settings.explained_share
            for track in situation.tracks)

    def _claim(self, change: Change) -> Claim:
        sizes = size(change.width_m, change.height_m)
        zone = self._reader.ground.at(change.position_m).zone_name if change.position_m else ''
        where = ''
        if change.box is not None:
            left, top, right, bottom = change.box
            where = f', {right - left} x {bottom - top} pixels of the picture'
        # What lies apart in one view is told apart; the same spot has the same name in the next round.
        spot = '' if change.box is None else f' {(change.box[0] + change.box[2]) // 80}'
        return Claim(
            change.stamp_s, self.name, AlertKind.SCENE_CHANGE, f'{change.place} {change.kind.value}{spot}',
            Severity.NOTICE, min(max(change.confidence, 0.05), 0.99),
            f'{_WORDS[change.kind]} in the view of {change.place}{f" ({sizes})" if sizes else ""}{where}; '
            f'it is {100.0 * change.confidence:.0f} % sure, the limit is '
            f'{100.0 * self._settings.min_confidence:.0f} %',
            change.position_m, change.deviation_m, zone, change.box)


def _share(box: Box, other: Box) -> float:
    """Return the share of a box that another covers."""
    width = min(box[2], other[2]) - max(box[0], other[0])
    height = min(box[3], other[3]) - max(box[1], other[1])
    area = (box[2] - box[0]) * (box[3] - box[1])
    return width * height / area if width > 0 and height > 0 and area > 0 else 0.0
