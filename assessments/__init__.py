"""How learning is judged: items, exams, practicals, results; pure grading and analysis beneath them."""
