"""The harvest left alone: schedule, records of what was done, what is missing, and who is told."""
