"""Drafting a test set from a knowledge base: questions made by rule from its own clauses, for a person to edit and approve."""
