"""What to think of an inspected object: a proposal with its reasons, for a person to confirm or change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from lepatrol.model.inspection import InspectionLevel, Label, Measured, ObjectEstimate, ObjectShape
from lepatrol.model.inspection_record import Judgement

_TOLERATED, _TOLERATED_M = 0.15, 0.05
"""What a known object may differ from what the site says of it, as a share or in metres, besides the measurement's own
uncertainty."""
_LEAST_VOLUME_M3 = 0.003
"""Less than a small handbag holds; what is no larger for sure is not called suspicious for its size."""
_LONG_UNATTENDED_S = 60.0
_LEAST_COVERAGE_DEG = 180.0


class Known(Protocol):
    """What the site says of a thing that may stand about; ``model.site.KnownObject`` is one."""

    @property
    def name(self) -> str:
        """Return what people call it."""
        ...

    @property
    def label(self) -> str:
        """Return the label it bears: the text as it is read."""
        ...

    @property
    def zone(self) -> str:
        """Return the only zone it is expected in, '' for anywhere."""
        ...

    @property
    def footprint_m(self) -> tuple[float, float] | None:
        """Return its length and width, the longer first."""
        ...

    @property
    def height_m(self) -> float | None:
        """Return its height."""
        ...


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known besides the object itself.

    ``zones`` are the names of those it stands in, and ``is_restricted`` tells that nobody may leave things there.
    ``unattended_s`` is for how long nobody was near it, ``left_by`` the track of who left it, None where nobody saw.
    ``coverage_deg`` is how much of its outline was seen.
    """

    zones: tuple[str, ...] = ()
    is_restricted: bool = False
    unattended_s: float | None = None
    left_by: int | None = None
    coverage_deg: float = 0.0


def judge(
    estimate: ObjectEstimate | None, labels: Sequence[Label], known_objects: Sequence[Known], facts: Facts,
) -> Judgement:
    """Return what is proposed to think of an object, with all reasons in words, those that decided first.

    A label alone never makes a thing expected: size and place have to fit, as far as the site names them, and it must
    not have moved. It is suspicious where something speaks against it, and unclear where too little is known.
    """
    if estimate is None:
        return _judgement(InspectionLevel.UNCLEAR, [
            'nothing of it could be measured', *_labels_in_words(labels), *_circumstances(facts)])
    moved = _moved(estimate)
    known = [each for each in known_objects if any(label.is_called(each.label) for label in labels)]
    circumstances = [*_coverage(facts), *_circumstances(facts)]
    if len(known) > 1:
        names = ', '.join(each.name for each in known)
        return _judgement(InspectionLevel.UNCLEAR, [
            f'it bears the labels of {len(known)} known objects at once: {names}', *moved, *circumstances])
    if known:
        return _of_known(estimate, known[0], facts, [*moved, *circumstances])
    return _of_unknown(estimate, labels, facts, moved)


def _of_known(estimate: ObjectEstimate, known: Known, facts: Facts, others: list[str]) -> Judgement:
    bears = f'it bears the label of {known.name} ({known.label})'
    against = list(_size_against(estimate, known))
    if against:
        return _judgement(InspectionLevel.SUSPICIOUS, [bears, *against, *others])
    if known.zone and known.zone not in facts.zones:
        where = f'and stands in {", ".join(facts.zones)}' if facts.zones else 'and stands in none'
        return _judgement(InspectionLevel.UNCLEAR, [
            bears, f'{known.name} is expected in the zone {known.zone} only, {where}', *others])
    if estimate.has_moved:
        return _judgement(InspectionLevel.UNCLEAR, [bears, *others])
    unknown = list(_size_unknown(estimate, known))
    if unknown:
        return _judgement(InspectionLevel.UNCLEAR, [bears, *unknown, *others])
    named = known.footprint_m is not None or known.height_m is not None
    size = 'its size is what the site says' if named else 'the site names no size to compare with'
    place = [f'it stands in the zone {known.zone}, where it is expected'] if known.zone else []
    return _judgement(InspectionLevel.EXPECTED, [bears, size, *place, *others], known.name)


def _of_unknown(
    estimate: ObjectEstimate, labels: Sequence[Label], facts: Facts, moved: list[str],
) -> Judgement:
    reasons = _labels_in_words(labels) or ['no label was read on it']
    volume = estimate.volume_m3
    is_thing = volume is not None and volume.exceeds(_LEAST_VOLUME_M3) and estimate.shape is not ObjectShape.FLAT
    if volume is None:
        reasons.append('its height is not known')
    elif is_thing:
        reasons.append(f'it is large enough to hold something: {_litres(volume)}')
    else:
        reasons.append(f'it is flat or holds little: {_litres(volume)}')
    was_left = facts.left_by is not None or (facts.unattended_s or 0.0) >= _LONG_UNATTENDED_S
    reasons += [*moved, *_coverage(facts), *_circumstances(facts)]
    is_odd = is_thing and (was_left or facts.is_restricted) and not estimate.has_moved
    return _judgement(InspectionLevel.SUSPICIOUS if is_odd else InspectionLevel.UNCLEAR, reasons)


def _judgement(level: InspectionLevel, reasons: list[str], known_as: str = '') -> Judgement:
    recommendation = {
        InspectionLevel.EXPECTED: f'Close it as expected: it is taken for {known_as}.',
        InspectionLevel.UNCLEAR: 'Look at the pictures, and decide whether the robot shall go nearer or somebody '
                                 'shall go there.',
        InspectionLevel.SUSPICIOUS: 'Keep people away and leave it untouched until somebody who is trained for it '
                                    'has decided.',
    }[level]
    return Judgement(level, tuple(reasons), recommendation, known_as)


def _size_against(estimate: ObjectEstimate, known: Known) -> Iterator[str]:
    """Yield in words what of its size is not what the site says, for sure."""
    for name, measured, ought in _sides(estimate, known):
        if measured is not None:
            off = abs(measured.value - ought)
            if off > max(_TOLERATED * ought, _TOLERATED_M) + 2.0 * measured.deviation:
                yield f'its {name} is {measured.text("m")}, but {known.name} is {ought:.2f} m'


def _size_unknown(estimate: ObjectEstimate, known: Known) -> Iterator[str]:
    """Yield in words what of its size the site names and nobody measured."""
    for name, measured, ought in _sides(estimate, known):
        if measured is None:
            yield f'its {name} is not known, {known.name} is {ought:.2f} m'


def _sides(estimate: ObjectEstimate, known: Known) -> Iterator[tuple[str, Measured | None, float]]:
    if known.footprint_m is not None:
        yield 'length', estimate.length_m, max(known.footprint_m)
        yield 'width', estimate.width_m, min(known.footprint_m)
    if known.height_m is not None:
        yield 'height', estimate.height_m, known.height_m


def _moved(estimate: ObjectEstimate) -> list[str]:
    if not estimate.has_moved or estimate.moved_m is None:
        return []
    return [f'it moved by {estimate.moved_m.text("m")} while it was looked at']


def _coverage(facts: Facts) -> list[str]:
    if facts.coverage_deg >= _LEAST_COVERAGE_DEG:
        return []
    return [f'only {facts.coverage_deg:.0f} degrees of its outline were seen']


def _circumstances(facts: Facts) -> list[str]:
    words = []
    if facts.left_by is not None:
        words.append(f'track {facts.left_by} left it')
    if facts.unattended_s is not None:
        words.append(f'nobody has been with it for {facts.unattended_s:.0f} s')
    if facts.is_restricted:
        words.append(f'nothing may be left where it stands ({", ".join(facts.zones) or "a restricted zone"})')
    return words


def _labels_in_words(labels: Sequence[Label]) -> list[str]:
    return [f'its label {label} is not in the list of known objects' for label in labels]


def _litres(volume: Measured) -> str:
    return Measured(1000.0 * volume.value, 1000.0 * volume.deviation).text('l', 0)
