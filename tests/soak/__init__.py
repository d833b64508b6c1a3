"""The soak: the real daemon lives through years in minutes, among faults drawn by lot, and is measured every week.

`life` is the story, told to a process of its own (`subject`) by a clock that is moved (`ticking`), before servers that
fail on purpose (`provider`). `people` judges every letter, `figures` what the process takes from its machine.
"""
