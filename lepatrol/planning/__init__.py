"""Where to go: grids, paths, routes, and how far a mission has come."""
