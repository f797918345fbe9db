"""The audit: does everything that is kept still tell the same story?"""

from db.audit.whole import campaigns, named_files, never_kept, of_archive, of_campaign, unchecked

__all__ = ["campaigns", "named_files", "never_kept", "of_archive", "of_campaign", "unchecked"]
