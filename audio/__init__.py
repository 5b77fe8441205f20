"""Clips, manifests, splits, front ends, augmentation and drawing."""
