"""Stories about storage: real files, real databases, real processes."""
