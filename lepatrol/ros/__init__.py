"""The border to ROS 2: conversions, parameters, quality of service, running nodes."""
