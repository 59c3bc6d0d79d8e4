"""The demo: start everything over ROS, order a round as an operator would, watch it, keep what came of it."""
