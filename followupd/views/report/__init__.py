"""The report: one HTML page that needs no network and no script, and that a person likes to open."""
