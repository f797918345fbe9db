"""The audit: does everything that is kept still tell the same story?"""

from db.audit.files import GONE, held, named_files, never_kept, of_archive, stream
from db.audit.whole import campaigns, of_campaign, unchecked

__all__ = ["GONE", "campaigns", "held", "named_files", "never_kept", "of_archive", "of_campaign", "stream", "unchecked"]
