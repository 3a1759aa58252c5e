"""Attune: a guide to emotional intimacy that can be asked."""
