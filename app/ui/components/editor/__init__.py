"""The parts of the editor's page."""
