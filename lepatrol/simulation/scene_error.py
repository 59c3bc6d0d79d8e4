"""The error of a scene that physics cannot run."""

from lepatrol.model.errors import LepatrolError


class SceneError(LepatrolError):
    """A world or a robot cannot be simulated: the text names the part and what would be right."""
