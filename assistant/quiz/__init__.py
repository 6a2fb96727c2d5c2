"""Quizzes: items whose answer, options and wording code has checked against the clauses, as papers and as files."""
