"""Random schedules of the whole round against a plain model of what must hold."""
