"""Users, organisers, units and their lineage, roles and access; sign-in."""
