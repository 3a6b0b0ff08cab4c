"""Pages of the practicals: the learner's, the assessor's and the officer's."""
