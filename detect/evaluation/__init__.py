"""How good scores are: metrics, intervals, score files, plots, the audit of shortcuts."""
