"""An off-screen OpenGL buffer that MuJoCo draws into, by EGL or OSMesa, whichever this machine has."""

from __future__ import annotations

import ctypes.util
import os
from typing import Any

import mujoco
import numpy as np
from numpy.typing import NDArray

from lepatrol.simulation.render import RenderingError

_HOW_TO_INSTALL = (
    'install EGL with: sudo apt-get install libegl1 libgl1-mesa-dri libgl1 libopengl0 libgles2, '
    'or OSMesa with: sudo apt-get install libosmesa6; or take the renderer panda3d, which needs neither')


class GlScreen:
    """A buffer of one size with the model's shapes loaded into it; it belongs to the thread that made it."""

    def __init__(self, model: Any, width: int, height: int, *, shadows: bool) -> None:
        """Make the buffer (pixels).

        :raises RenderingError: where the graphics libraries are missing, with the command that installs them.
        """
        self._model = model
        self._rectangle = mujoco.MjrRect(0, 0, width, height)
        model.vis.global_.offwidth, model.vis.global_.offheight = width, height
        self._gl = _make_context(width, height)
        self._gl.make_current()
        try:
            self._context = mujoco.MjrContext(model, mujoco.mjtFontScale.mjFONTSCALE_50)
        except Exception as error:
            self._gl.free()
            raise RenderingError(
                f'MuJoCo cannot draw {width} x {height} pixels with this OpenGL ({error}); {_HOW_TO_INSTALL}'
            ) from error
        mujoco.mjr_setBuffer(mujoco.mjtFramebuffer.mjFB_OFFSCREEN, self._context)
        self._scene = mujoco.MjvScene(model, maxgeom=model.ngeom + 100)
        self._scene.flags[mujoco.mjtRndFlag.mjRND_SHADOW] = shadows
        self._scene.flags[mujoco.mjtRndFlag.mjRND_REFLECTION] = False
        self._options = mujoco.MjvOption()
        self._camera = mujoco.MjvCamera()
        self._camera.type, self._camera.fixedcamid = mujoco.mjtCamera.mjCAMERA_FIXED, 0

    def shoot(self, data: Any) -> NDArray[np.uint8]:
        """Return what the model's first camera sees, (height, width, 3), row 0 at the top."""
        self._gl.make_current()
        mujoco.mjv_updateScene(
            self._model, data, self._options, None, self._camera, mujoco.mjtCatBit.mjCAT_ALL, self._scene)
        mujoco.mjr_render(self._rectangle, self._scene, self._context)
        rgb = np.empty((self._rectangle.height, self._rectangle.width, 3), dtype=np.uint8)
        mujoco.mjr_readPixels(rgb, None, self._rectangle, self._context)
        return np.ascontiguousarray(rgb[::-1])

    def close(self) -> None:
        """Give the buffer back."""
        self._gl.make_current()
        self._context.free()
        self._gl.free()


def _make_context(width: int, height: int) -> Any:
    """Return an OpenGL context by OSMesa where ``MUJOCO_GL`` asks for it or EGL is missing, else by EGL."""
    asked = os.environ.get('MUJOCO_GL', '').lower()
    by_osmesa = asked == 'osmesa' or (asked != 'egl' and not ctypes.util.find_library('EGL'))
    library = 'OSMesa' if by_osmesa else 'EGL'
    if not ctypes.util.find_library(library):
        raise RenderingError(f"MuJoCo's renderer finds no {library}; {_HOW_TO_INSTALL}")
    try:
        if by_osmesa:
            from mujoco.osmesa import GLContext  # noqa: PLC0415 - which of the two loads depends on the machine
        else:
            from mujoco.egl import GLContext  # noqa: PLC0415
        return GLContext(width, height)
    except Exception as error:  # The bindings let through what their loaders raise, AttributeError included.
        raise RenderingError(
            f"MuJoCo's renderer cannot use {library} ({type(error).__name__}: {error}); {_HOW_TO_INSTALL}") from error
