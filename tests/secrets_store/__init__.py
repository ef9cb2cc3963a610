"""Secrets: in a keyring, in a file, and never lost on the way."""
