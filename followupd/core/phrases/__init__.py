"""The words of people and machines, per language: data, no logic."""
