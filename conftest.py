"""What every test may rely on. The servers come from onestop/launch/pytest_plugin.py."""
