"""Exams: rules, attempts, answers and their scores."""
