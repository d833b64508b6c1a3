"""The config file: TOML in, settings out."""
