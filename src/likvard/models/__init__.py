"""Models: moments or published means in, estimates with intervals out; no engine and no table in sight."""
