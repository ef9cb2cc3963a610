"""The app in a real browser: Chromium against a served app with a demo engine behind it.

A pytest run of its own (``dev.py test`` starts it beside the others), because Playwright and
pytest-asyncio each want to own the event loop.
"""
