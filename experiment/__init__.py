"""How a run is configured, written, resumed, spread over machines and reported; knows no audio."""
