"""Paints pictures from a prompt and a seed, with numpy and Pillow; knows nothing of servers.

painter (motif in, whole picture or preview out) → scenes (what is on it) → canvas, silhouettes,
palette, sky (means)
"""
