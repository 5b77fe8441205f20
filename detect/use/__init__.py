"""What a trained detector does: load, judge files and streams, export, share."""
