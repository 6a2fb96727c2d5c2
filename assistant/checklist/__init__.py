"""Checklists: what a source obliges people to do, as lines that can be ticked, each with its clause; runs of them."""
