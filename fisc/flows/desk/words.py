"""Words of the desk that are no words of a page."""

from __future__ import annotations

STATE_WORDS = {
    "discovered": "已发现",
    "fetched": "已下载",
    "extracted": "已读取",
    "validated": "待公布",
    "published": "已公布",
    "failed": "失败",
    "superseded": "已被取代",
}
"""The states of the ledger."""
