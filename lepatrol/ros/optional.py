"""Message packages that lepatrol uses where they are installed, and what installs them."""

from __future__ import annotations

import importlib
import importlib.util
import os
from typing import Any

from lepatrol.model.errors import LepatrolError

NAV2_MESSAGES = 'nav2_msgs'
TF_MESSAGES = 'tf2_msgs'
GAZEBO_MESSAGES = 'ros_gz_interfaces'


def is_installed(package: str) -> bool:
    """Tell whether a message package is there, without importing it."""
    try:
        spec = importlib.util.find_spec(package)
    except ValueError:  # A module of that name that was made by hand.
        return True
    # A folder of that name without code counts for Python as a package whose origin is nowhere.
    return spec is not None and spec.origin is not None


def remedy(package: str) -> str:
    """Return the command that installs a message package."""
    distro = os.environ.get('ROS_DISTRO') or 'jazzy'
    return f'sudo apt install ros-{distro}-{package.replace("_", "-")}'


def missing(package: str, wanted_for: str) -> str:
    """Say that a message package is missing, for what it is wanted, and how it is installed."""
    return f'{wanted_for} needs {package}, which is not installed: {remedy(package)} (pip has none), and source ROS 2'


def load(package: str, kind: str, name: str, wanted_for: str) -> Any:
    """Return the type ``package.kind.name``, such as ``tf2_msgs.msg.TFMessage``.

    :raises LepatrolError: saying what to install.
    """
    if not is_installed(package):
        raise LepatrolError(missing(package, wanted_for))
    try:
        return getattr(importlib.import_module(f'{package}.{kind}'), name)
    except (ImportError, AttributeError) as error:
        raise LepatrolError(f'{wanted_for} needs {package}, which cannot be loaded: {error}') from error
