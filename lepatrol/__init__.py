"""lepatrol: an open, simulation-first security patrol stack for ROS 2."""

__version__ = '0.1.0'
