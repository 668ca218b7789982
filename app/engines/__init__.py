"""What the local backend runs, in worker processes of their own; never imported by the process that paints."""
