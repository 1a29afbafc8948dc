"""What may be done in an inspection: `check_can_x` raises with the reason, `can_x` asks."""
