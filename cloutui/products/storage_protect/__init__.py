"""IBM Storage Protect (before: Spectrum Protect, TSM), asked through its administrative client `dsmadmc`."""
