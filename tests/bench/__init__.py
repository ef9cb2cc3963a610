"""Measurements. Each compares with a baseline in the same run; none is asserted in a test."""
