"""Files of other formats than guide Markdown, each read by its own module."""
