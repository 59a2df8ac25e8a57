"""Which pseudonym an account has."""

from __future__ import annotations

from streams.tables import Table

ACCOUNTS = Table("accounts", key={"account_id": "text"}, columns={"viewer_id": "text"})
