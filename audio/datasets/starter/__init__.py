"""The starter corpus: real speech of many people and fake speech of real engines, from packages."""
