"""What happens by the clock. It runs where the collectors run: in the one process that owns the files."""
