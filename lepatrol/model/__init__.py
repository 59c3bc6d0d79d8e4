"""The frozen data that every part of lepatrol shares; imports nothing else of lepatrol."""
