"""The version of the grading rules, stored beside every outcome."""

# Raise it whenever the same inputs could give another outcome: a credit rule, the way a short text is
# folded, a rounding, a reading of a scheme rule. Wording, speed and new item kinds do not count.
# Outcomes of the older version must go on replaying: keep its functions and name them in replay.ENGINES.
ENGINE_VERSION = "1"
