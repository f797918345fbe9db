"""The life of a campaign: imported, activated, revised, corrected."""
