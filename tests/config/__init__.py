"""Tests of how the config is found, read and explained."""
