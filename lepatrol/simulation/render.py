"""The contract of what draws camera pictures of a scene, and the choice among those that do."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np
from numpy.typing import NDArray

from lepatrol.model.errors import LepatrolError
from lepatrol.model.geometry import Floats, Pose3
from lepatrol.simulation.description import CameraSensor, Light
from lepatrol.simulation.scene import Scene

RENDERERS = ('panda3d', 'mujoco')
"""The default first."""


class RenderingError(LepatrolError):
    """No picture can be drawn: the text says what is missing and, where it can be installed, by which command."""


class Renderer(ABC):
    """Draws a scene as cameras see it.

    Its drawing context belongs to the thread that made it: every call must come from there.
    """

    @property
    def left_out(self) -> tuple[str, ...]:
        """Return what the scene describes and the pictures do not show, one line for each."""
        return ()

    @abstractmethod
    def draw(
        self, camera: CameraSensor, camera_pose: Pose3, positions_m: Floats, orientations_wxyz: Floats,
    ) -> NDArray[np.uint8]:
        """Return the RGB picture (height, width, 3), row 0 at the top, as the ideal pinhole camera sees it.

        ``camera_pose`` is in the world and looks along its x, with z up, as SDFormat has it. ``Scene.moving`` is at
        ``positions_m`` (n, 3) and ``orientations_wxyz`` (n, 4). Cameras may differ from call to call.

        :raises RenderingError: where nothing was drawn.
        """

    @abstractmethod
    def close(self) -> None:
        """Give the drawing context back; a second call does nothing."""


def make_renderer(kind: str, scene: Scene) -> Renderer:
    """Make the renderer of that kind, ``auto`` taking Panda3D, which needs no graphics library.

    :raises RenderingError: for an unknown kind, or naming what is missing and the command that installs it.
    """
    # Only the one that is used is imported: MuJoCo's looks for graphics libraries, Panda3D reads its configuration.
    if kind in ('auto', 'panda3d'):
        from lepatrol.simulation.render_panda import PandaRenderer  # noqa: PLC0415
        return PandaRenderer(scene)
    if kind == 'mujoco':
        from lepatrol.simulation.render_mujoco import MujocoRenderer  # noqa: PLC0415
        return MujocoRenderer(scene)
    raise RenderingError(f"renderer '{kind}' is unknown; there are: auto, {', '.join(RENDERERS)}")


def lights_of(scene: Scene) -> tuple[Light, ...]:
    """Return the lights of the world, then those on links that stand, then those on links that move."""
    on_links = (light for body in (*scene.static, *scene.moving) for light in body.link.lights)
    return (*scene.world.lights, *on_links)


def textures_left_out(scene: Scene) -> tuple[str, ...]:
    """Return a line for each texture of a scene, for renderers that show its mean colour alone."""
    textures = {
        visual.material.texture for body in (*scene.static, *scene.moving) for visual in body.link.visuals
        if visual.material.texture is not None}
    return tuple(f'texture {texture}: its mean colour is shown' for texture in sorted(textures))


def check_poses(scene: Scene, positions_m: Floats, orientations_wxyz: Floats) -> None:
    """Refuse poses that are not those of ``Scene.moving``.

    :raises RenderingError: naming the shapes.
    """
    count = len(scene.moving)
    if np.shape(positions_m) != (count, 3) or np.shape(orientations_wxyz) != (count, 4):
        raise RenderingError(
            f'poses of shape {np.shape(positions_m)} and {np.shape(orientations_wxyz)}, expected ({count}, 3) and '
            f'({count}, 4): one for each moving body of the scene')
