"""How to get there: following paths, avoiding the unexpected, and the gate before the wheels."""
