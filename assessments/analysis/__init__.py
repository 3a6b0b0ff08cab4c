"""What answers say about items, exams and sittings: pure statistics for people to read, never an automatic judgement.

Nothing here knows of the web, the database, the clock or chance. Figures are floats: they inform people and decide
nothing. What decides (points, percentages, outcomes) is exact and lives in assessments/grading.
Words: sheet (the answers of one person in one attempt), version (one version of one item, never pooled with another),
share (points of maximum, 0 to 1), flag (something a person should look at, with the figure and the threshold).
"""
