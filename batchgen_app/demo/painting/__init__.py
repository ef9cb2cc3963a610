"""Paints pictures from a prompt and a seed, with numpy and Pillow; knows nothing of servers.

painter (the whole picture) → scenes (what is on it) → canvas, noise, silhouettes, palette (means)
"""
