"""Drafts: one family of items a module, each from one kind of material. What they make still has to pass the checks."""
