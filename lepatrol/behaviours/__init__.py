"""What the robot does, as trees on py_trees: patrol, and later inspection, greeting and the rest."""
