"""How fast and frugal followupd is, beside the limit and what others reach, measured in the same run.

python -m benchmarks.performance --build FOLDER        # once: a mailbox and a database to measure with
python -m benchmarks.performance --with FOLDER         # every axis; or name some: first-look push start-up
python -m benchmarks.performance --with FOLDER --write # and the table of docs/performance.md with it
"""
