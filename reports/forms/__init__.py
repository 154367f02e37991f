"""What people type about reports, as domain values."""
