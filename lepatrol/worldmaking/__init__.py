"""Worlds written by rule: a Gazebo world and the site file that matches it, the same for the same arguments."""
