"""The writing side: from an editor's text to a published edition."""
