"""What the engine answers, route by route."""
