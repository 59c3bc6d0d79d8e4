"""Lay one picture over another of the same place: features and RANSAC, then refinement over all pixels.

The two were taken from nearly the same spot, so that a homography maps one into the other but for near things, which
move against far ones (parallax); what compares them has to allow for that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from lepatrol.model.geometry import Floats, Pose3
from lepatrol.model.observation import CameraInfo

Grey = NDArray[np.float32]
"""A picture (h, w) of normalised brightness."""
Mask = NDArray[np.bool_]
"""One truth for each pixel (h, w)."""
P = TypeVar('P', np.uint8, np.float32)

_MOST_FEATURES = 600
_FEW_MATCHES = 12
_RANSAC_PX = 3.0
_STRAY_SHARE = 0.12
"""How far, as a share of the picture's width, things may lie from where the believed poses put them."""
_ECC_ROUNDS = 60
_ECC_GAIN = 1e-4
_ECC_BLUR_PX = 5
_NORMAL_SIGMA_PX = 12.0
_OPTICAL = np.array([[0.0, -1.0, 0.0], [0.0, 0.0, -1.0], [1.0, 0.0, 0.0]])
"""Turns x forward, y left, z up into the optical frame: x right, y down, z forward (REP-103)."""


@dataclass(frozen=True, slots=True, eq=False)
class Registration:
    """Where the reference shows what the picture shows.

    ``homography`` (3, 3) maps pixels of the picture to pixels of the reference. ``correlation``, from -1 to 1, tells
    how alike the two then are.
    """

    homography: Floats
    correlation: float

    def onto_picture(self, reference: NDArray[P], size: tuple[int, int], *, nearest: bool = False) -> NDArray[P]:
        """Return the reference, bytes or numbers, as seen from the picture: (width, height) pixels, 0 where it ends."""
        flags = (cv2.INTER_NEAREST if nearest else cv2.INTER_LINEAR) | cv2.WARP_INVERSE_MAP
        return np.asarray(cv2.warpPerspective(reference, self.homography, size, flags=flags), dtype=reference.dtype)


def normalised(rgb: NDArray[np.uint8], valid: Mask | None = None) -> Grey:
    """Return brightness without what light does to whole surfaces: local mean 0 and deviation about 1.

    Where the picture is not ``valid`` it is 0 and has no share in what surrounds it.
    """
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY).astype(np.float32)
    weight = np.ones_like(grey) if valid is None else valid.astype(np.float32)
    total = np.maximum(_surroundings(weight), np.float32(1e-3))
    deviation = np.asarray(weight * (grey - _surroundings(weight * grey) / total), dtype=np.float32)
    spread = np.sqrt(_surroundings(deviation * deviation) / total)
    return np.asarray(deviation / (spread + 4.0), dtype=np.float32)


def _surroundings(values: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(cv2.GaussianBlur(values, (0, 0), _NORMAL_SIGMA_PX), dtype=np.float32)


def homography_between(
    picture_info: CameraInfo, picture_pose: Pose3, reference_info: CameraInfo, reference_pose: Pose3,
) -> Floats:
    """Return the homography from picture to reference that the believed poses say, for things far away.

    Poses are of anything that the camera is fixed to and looks along x of; where they are no numbers it is as if the
    camera had not turned.
    """
    turn = reference_pose.inverse().compose(Pose3((0.0, 0.0, 0.0), picture_pose.orientation_wxyz)).matrix[:3, :3]
    if not np.isfinite(turn).all():
        turn = np.eye(3)
    homography = _camera(reference_info) @ _OPTICAL @ turn @ _OPTICAL.T @ np.linalg.inv(_camera(picture_info))
    return np.asarray(homography, dtype=np.float64)


def register(
    picture: Grey, reference: Grey, guess: Floats, *, picture_valid: Mask, reference_valid: Mask,
) -> Registration:
    """Return where a reference shows what a picture shows; pixels that are not valid have no say.

    The guess is improved by features where enough of them agree, then by maximising the enhanced correlation
    coefficient (Evangelidis and Psarakis, PAMI 2008). What strays from the guess further than poses can be wrong is
    not believed.
    """
    candidates = [guess]
    by_features = _by_features(picture, reference, guess, picture_valid, reference_valid)
    if by_features is not None:
        candidates.append(by_features)
    refined = [_refined(picture, reference, start, picture_valid) for start in candidates]
    plausible = [h for h in (*candidates, *refined) if h is not None and _is_near(h, guess, picture.shape)]
    best = max(plausible, key=lambda h: _correlation(picture, reference, h, picture_valid, reference_valid))
    return Registration(best, _correlation(picture, reference, best, picture_valid, reference_valid))


def _by_features(
    picture: Grey, reference: Grey, guess: Floats, picture_valid: Mask, reference_valid: Mask,
) -> Floats | None:
    """Match ORB features (Rublee et al., ICCV 2011) near where the guess puts them; None where too few agree."""
    orb = cv2.ORB.create(nfeatures=_MOST_FEATURES, fastThreshold=6, edgeThreshold=16, patchSize=25)
    points, descriptors = zip(*(
        orb.detectAndCompute(_as_bytes(image), valid.astype(np.uint8))
        for image, valid in ((picture, picture_valid), (reference, reference_valid))), strict=True)
    if any(descriptor is None for descriptor in descriptors):
        return None
    pairs = cv2.BFMatcher(cv2.NORM_HAMMING, crossCheck=True).match(*descriptors)
    source = np.array([points[0][pair.queryIdx].pt for pair in pairs]).reshape(-1, 1, 2)
    target = np.array([points[1][pair.trainIdx].pt for pair in pairs]).reshape(-1, 1, 2)
    if not len(pairs):
        return None
    stray = np.linalg.norm(cv2.perspectiveTransform(source, guess) - target, axis=2).ravel()
    near = stray < _STRAY_SHARE * picture.shape[1]
    if near.sum() < _FEW_MATCHES:
        return None
    cv2.setRNGSeed(0)
    found, agree = cv2.findHomography(source[near], target[near], cv2.RANSAC, _RANSAC_PX)
    if found is None or agree is None or agree.sum() < _FEW_MATCHES:
        return None
    return np.asarray(found, dtype=np.float64)


def _refined(picture: Grey, reference: Grey, start: Floats, valid: Mask) -> Floats | None:
    """Return the homography that makes the two most alike, None where the search does not converge."""
    criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, _ECC_ROUNDS, _ECC_GAIN)
    try:
        _, warp = cv2.findTransformECC(
            picture, reference, (start / start[2, 2]).astype(np.float32), cv2.MOTION_HOMOGRAPHY, criteria,
            valid.astype(np.uint8), _ECC_BLUR_PX)
    except cv2.error:
        return None
    return np.asarray(warp, dtype=np.float64)


def _correlation(picture: Grey, reference: Grey, homography: Floats, valid: Mask, reference_valid: Mask) -> float:
    """Return the correlation of the two where they overlap; -1 where they do not."""
    size = (picture.shape[1], picture.shape[0])
    there = Registration(homography, 0.0)
    overlap = valid & (there.onto_picture(reference_valid.astype(np.uint8), size, nearest=True) > 0)
    if overlap.mean() < 0.05:
        return -1.0
    a, b = (cv2.GaussianBlur(image, (0, 0), 1.5)[overlap] for image in (picture, there.onto_picture(reference, size)))
    a, b = a - a.mean(), b - b.mean()
    return float((a * b).sum() / max(np.sqrt((a * a).sum() * (b * b).sum()), 1e-9))


def _is_near(homography: Floats, guess: Floats, shape: tuple[int, ...]) -> bool:
    """Tell whether no corner of the picture lands too far from where the guess puts it."""
    height, width = shape
    corners = np.array([[[0.0, 0.0]], [[width, 0.0]], [[width, height]], [[0.0, height]]])
    strays = cv2.perspectiveTransform(corners, homography) - cv2.perspectiveTransform(corners, guess)
    return bool(np.isfinite(strays).all() and np.linalg.norm(strays, axis=2).max() < _STRAY_SHARE * width)


def _as_bytes(image: Grey) -> NDArray[np.uint8]:
    return np.asarray(np.clip(128.0 + 50.0 * image, 0, 255), dtype=np.uint8)


def _camera(info: CameraInfo) -> Floats:
    return np.array([[info.fx, 0.0, info.cx], [0.0, info.fy, info.cy], [0.0, 0.0, 1.0]])
