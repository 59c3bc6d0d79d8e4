"""MuJoCo's own window on a running simulation."""

from __future__ import annotations

import os
import sys
from typing import Any

from lepatrol.model.errors import LepatrolError
from lepatrol.simulation.physics import Physics


class Viewer:
    """Shows the collision shapes as physics has them."""

    def __init__(self, physics: Physics) -> None:
        """Open the window.

        :raises LepatrolError: where there is no display, or OpenGL does not open a window on it.
        """
        if sys.platform.startswith('linux') and not (os.environ.get('DISPLAY') or os.environ.get('WAYLAND_DISPLAY')):
            raise LepatrolError(
                'the viewer needs a display, and neither DISPLAY nor WAYLAND_DISPLAY is set; start without view')
        import mujoco.viewer  # noqa: PLC0415  it opens graphics libraries

        try:
            self._window: Any = mujoco.viewer.launch_passive(physics.model, physics.data)
        except Exception as error:
            raise LepatrolError(f'the viewer cannot open a window: {error}; start without view') from error

    def show(self) -> bool:
        """Show the present state; return False once the window has been closed."""
        if not self._window.is_running():
            return False
        self._window.sync()
        return True

    def close(self) -> None:
        """Close the window."""
        self._window.close()
