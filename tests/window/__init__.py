"""Stories of the native window: real windows on a screen of their own."""
