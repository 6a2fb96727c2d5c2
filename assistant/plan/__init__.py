"""Improvement plans: a problem understood, its causes, measures of the manual's own that fit it, dates, figures, risks."""
