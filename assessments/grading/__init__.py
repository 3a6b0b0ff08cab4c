"""The grading engine: pure functions from what was asked and answered to points, outcomes and decisions.

Nothing here knows of the web, the database, the clock or chance. Every number is exact until it is
rounded once, half up, and the rounded number is both the one shown and the one compared.
Words: content (an item's definition as a dict, see docs/course-format.md), response (what a candidate
gave, in its canonical form, None when unanswered), score, outcome, rule, evidence, decision, record.
"""
