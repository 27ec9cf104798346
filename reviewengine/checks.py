"""System checks: each names a fault of the installation and its mend."""
