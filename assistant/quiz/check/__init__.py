"""Checks: each a small function that says why an item may not leave, or nothing. Knows items and sources, no drafts."""
