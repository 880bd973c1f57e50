"""The parts of compare.py. Python's standard library only."""
