"""Actions that no page documents, but that the vendor's command line calls."""
