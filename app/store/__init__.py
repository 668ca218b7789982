"""What is on disk: history and job journal, settings, pictures and masks."""
