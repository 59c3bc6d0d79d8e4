"""What the robot notices: what ought not to be there, what is gone, and what both mean to a guard."""
