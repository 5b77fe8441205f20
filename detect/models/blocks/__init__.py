"""What several networks are built of."""
