"""Whole missions in lockstep: one process, no ROS, seeded and repeatable."""
