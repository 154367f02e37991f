"""The lifecycles of people."""
