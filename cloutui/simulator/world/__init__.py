"""What happens in a simulated fleet: its nodes, and a plan of every job, drawn by seed and cut at the present."""
