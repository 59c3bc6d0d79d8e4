"""The ROS 2 nodes, one thin file each: convert, call the core, publish."""
