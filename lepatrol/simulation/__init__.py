"""The embedded simulator: SDFormat worlds and URDF robots on MuJoCo."""
