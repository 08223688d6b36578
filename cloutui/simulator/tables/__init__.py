"""The tables that a server shows: their columns, and the views that fill them from the plan."""
