"""Whether a camera shows what is before it: not when covered, blinded, frozen or silent."""

from __future__ import annotations

import math

import cv2
import numpy as np

from lepatrol.model.findings import Complaint, Trouble
from lepatrol.model.geometry import Pose3, wrap_angle
from lepatrol.model.observation import CameraImage, CameraInfo
from lepatrol.perception.relight import Picture
from lepatrol.settings.camera_anomaly import CameraHealthSettings

CAMERA = 'camera'
"""What the main camera is called in complaints."""
_WHITE = 250
_SIZE = (80, 60)
_WELL_LIT = 40.0
_DAZZLING, _DAZZLED_SHARE = 225, 0.02
_ALIKE, _CLEARLY_ALIKE = 0.2, 0.5
_SLACK_S = 0.45
_OUTLINE = 4.0
_EVEN = 2.5
"""What varies by fewer levels (standard deviation) shows nothing but noise."""
_LEAST_EXPECTED = 0.02
"""Least share of a view that has outlines before their absence says anything."""
_SMALLEST_PX = 32
_LEAST_FOCAL, _MOST_FOCAL = 0.05, 50.0
"""Focal lengths of cameras that see something, in sizes of the picture."""


class CameraHealth:
    """Looks at every picture and tells of trouble that lasts."""

    def __init__(self, settings: CameraHealthSettings, name: str = CAMERA) -> None:
        """Begin with no picture; complaints speak of the camera by its name."""
        self._settings = settings
        self._name = name
        self.reset()

    def reset(self) -> None:
        """Forget every picture."""
        self._stamp_s = -math.inf
        self._begun_s: dict[Trouble, float] = {}
        self._info: CameraInfo | None = None
        self._unexplained_s = math.inf
        self._frozen: tuple[Picture, Pose3] | None = None
        self._shows_nothing = False

    @property
    def shows_nothing(self) -> bool:
        """Tell whether the last picture was that of a covered or blinded camera, be it for a moment only."""
        return self._shows_nothing

    def complaints_at(self, now_s: float) -> tuple[Complaint, ...]:
        """Return a complaint where the last picture is too old; before the first picture there is none."""
        age_s = now_s - self._stamp_s
        if not self._settings.silence_s < age_s < math.inf:
            return ()
        return (Complaint(now_s, self._name, Trouble.SILENT, f'sent no picture for {age_s:.1f} s'),)

    def pass_over(self, image: CameraImage) -> None:
        """Take that a picture has come which is not looked at."""
        self._stamp_s = image.stamp_s

    def look(
        self, image: CameraImage, pose: Pose3, expected: Picture | None, *, is_explained: bool, is_plain: bool = False,
    ) -> tuple[Complaint, ...]:
        """Return what is wrong with a picture, given what it ought to show (h, w, 3) where that is known.

        ``is_explained`` tells whether the two go together, ``is_plain`` whether they do in the very light expected.
        """
        self._stamp_s = image.stamp_s
        grey = cv2.resize(cv2.cvtColor(image.rgb, cv2.COLOR_RGB2GRAY), _SIZE, interpolation=cv2.INTER_AREA)
        covered, blinded = None if is_plain else self._covered(grey, expected), self._blinded(grey)
        self._shows_nothing = covered is not None or blinded is not None
        found = {
            Trouble.UNREADABLE: self._unreadable(image.info),
            Trouble.CAMERA_BLINDED: blinded,
            Trouble.CAMERA_COVERED: covered,
            Trouble.CONTRADICTION: self._contradiction(
                image, pose, grey,
                is_explained=is_explained or covered is not None or _is_dazzled(grey) or _is_alike(grey, expected))}
        return tuple(
            Complaint(image.stamp_s, self._name, trouble, detail) for trouble, detail in found.items()
            if self._lasts(trouble, detail is not None, image.stamp_s) and detail is not None)

    def _lasts(self, trouble: Trouble, is_there: bool, now_s: float) -> bool:
        if not is_there:
            self._begun_s.pop(trouble, None)
            return False
        begun_s = self._begun_s.setdefault(trouble, now_s)
        # What contradicts itself has been watched for a while already, and a wrong size is one at once.
        return trouble in (Trouble.UNREADABLE, Trouble.CONTRADICTION) or now_s - begun_s >= self._settings.lasting_s

    def _unreadable(self, info: CameraInfo) -> str | None:
        first = self._info = self._info or info
        if (info.width, info.height) == (first.width, first.height):
            return None
        return (f'sends pictures of {info.width} x {info.height} pixels, before they were '
                f'{first.width} x {first.height}')

    def _blinded(self, grey: np.ndarray) -> str | None:
        share = float(np.count_nonzero(grey >= _WHITE)) / grey.size
        if share < self._settings.saturated_share:
            return None
        return f'shows white alone in {100.0 * share:.0f} % of its picture'

    def _covered(self, grey: np.ndarray, expected: Picture | None) -> str | None:
        """Compare outlines, not brightness: a picture taken in the dark has the same, only fainter.

        How they lie is compared, not how many are there: in a black picture noise alone is as strong as outlines are.
        How many there are is measured against the brightness of the own picture (Weber's law).
        """
        outlines, level = _outlines(grey)
        shown = float(np.count_nonzero(outlines > max(_OUTLINE, 0.12 * level))) / outlines.size
        is_even = float(grey.std()) <= _EVEN
        if expected is None:
            if shown > 0.002 or not is_even:
                return None
            return f'shows one even surface (mean {grey.mean():.0f} of 255)'
        ought = cv2.resize(cv2.cvtColor(expected, cv2.COLOR_RGB2GRAY), _SIZE, interpolation=cv2.INTER_AREA)
        ought_outlines, ought_level = _outlines(ought)
        wanted = float(np.count_nonzero(ought_outlines > max(_OUTLINE, 0.12 * ought_level))) / ought_outlines.size
        if wanted < _LEAST_EXPECTED:
            return None
        likeness = _correlation(_softened(outlines), _softened(ought_outlines))
        if likeness >= self._settings.outline_likeness or _correlation(grey, ought) >= _CLEARLY_ALIKE:
            return None
        if shown > wanted and not is_even:
            return None
        return (f'shows none of the outlines it ought to (they go together by {100.0 * max(0.0, likeness):.0f} %, '
                f'mean {grey.mean():.0f} of 255)')

    def _contradiction(
        self, image: CameraImage, pose: Pose3, grey: np.ndarray, *, is_explained: bool,
    ) -> str | None:
        frozen = self._is_frozen(image, pose)
        if frozen is not None:
            return frozen
        if is_explained or float(grey.mean()) < _WELL_LIT:
            self._unexplained_s = math.inf
            return None
        self._unexplained_s = min(self._unexplained_s, image.stamp_s)
        lasted_s = image.stamp_s - self._unexplained_s
        if lasted_s < self._settings.unexplained_s:
            return None
        return f'has shown another place than where the robot believes itself for {lasted_s:.0f} s'

    def _is_frozen(self, image: CameraImage, pose: Pose3) -> str | None:
        """Compare to the bit: a camera's noise never repeats."""
        if self._frozen is None or not np.array_equal(self._frozen[0], image.rgb):
            self._frozen = (image.rgb, pose)
            return None
        begun = self._frozen[1]
        travelled_m = math.dist(begun.position_m, pose.position_m)
        turned = abs(wrap_angle(begun.planar().yaw_rad - pose.planar().yaw_rad))
        if travelled_m < self._settings.frozen_travel_m and turned < self._settings.frozen_turn_rad:
            return None
        return f'sends one and the same picture though the robot went {travelled_m:.1f} m and turned {turned:.1f} rad'


def unusable(image: CameraImage, camera_pose: Pose3, name: str = CAMERA) -> Complaint | None:
    """Return why nothing can be seen in a picture, None where there is no reason."""
    info = image.info
    if info.width < _SMALLEST_PX or info.height < _SMALLEST_PX:
        return Complaint(image.stamp_s, name, Trouble.UNREADABLE, (
            f'a picture of {info.width} x {info.height} pixels shows too little; {_SMALLEST_PX} x {_SMALLEST_PX} at '
            'least are right'))
    if not all(map(math.isfinite, (info.fx, info.fy, info.cx, info.cy))) or not (
            _LEAST_FOCAL * info.width < info.fx < _MOST_FOCAL * info.width) or not (
            _LEAST_FOCAL * info.height < info.fy < _MOST_FOCAL * info.height):
        return Complaint(image.stamp_s, name, Trouble.UNREADABLE, (
            f'its model has focal lengths of {info.fx:g} and {info.fy:g} pixels for {info.width} x {info.height}; '
            'positive ones near the size of the picture are right'))
    if not all(map(math.isfinite, (*camera_pose.position_m, *camera_pose.orientation_wxyz))):
        return Complaint(image.stamp_s, name, Trouble.CONTRADICTION, 'nobody knows where it is')
    return None


def _is_dazzled(grey: np.ndarray) -> bool:
    """Tell whether a lamp or the sun shines into the camera, which explains much."""
    return bool(np.count_nonzero(grey >= _DAZZLING) > _DAZZLED_SHARE * grey.size)


def _is_alike(grey: np.ndarray, expected: Picture | None) -> bool:
    if expected is None:
        return True
    ought = cv2.resize(cv2.cvtColor(expected, cv2.COLOR_RGB2GRAY), _SIZE, interpolation=cv2.INTER_AREA)
    return _correlation(grey, ought) > _ALIKE


def _outlines(grey: np.ndarray) -> tuple[np.ndarray, float]:
    across = cv2.Sobel(grey, cv2.CV_32F, 1, 0)
    down = cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    return cv2.magnitude(across, down), float(grey.mean())


def _softened(outlines: np.ndarray) -> np.ndarray:
    """Return outlines of which no strong one decides alone, wide enough to forgive a pixel."""
    return np.asarray(cv2.blur(cv2.sqrt(outlines), (3, 3)))


def _correlation(one: np.ndarray, other: np.ndarray) -> float:
    return float(cv2.matchTemplate(one, other, cv2.TM_CCOEFF_NORMED)[0, 0])
