"""The pages of appeals: for candidates, for officers who assign, for those who decide."""
