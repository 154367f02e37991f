"""The lifecycles of reports."""
