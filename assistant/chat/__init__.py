"""Answers in a chat model's words, every sentence checked against the clauses it cites."""
