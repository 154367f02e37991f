"""What people and the schedule do with bulletins."""
