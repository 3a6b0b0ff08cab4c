"""The public front page and pages that gather several features for one person."""
