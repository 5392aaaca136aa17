"""Columns of the official tables that are added up, in groups."""

from __future__ import annotations

FUNDS = ("general_public", "government_fund", "state_capital")
SOURCES = (
    "fiscal_appropriation", *FUNDS, "special_account", "business", "operating", "superior_subsidy",
    "affiliate_remittance", "other", "unit_funds",
)  # fmt: skip
PART_OF = {
    **dict.fromkeys(FUNDS, "fiscal_appropriation"),
    "education_fees": "business",
    "unit_funds": "business",
}
"""Sources that a form prints beside the one that contains them."""
CARRIED = tuple(f"carryover_{source}" for source in (*FUNDS, "special_account", "unit_funds"))
SPENDING = (
    "basic", "project", "operating", "remitted_to_superior", "subsidy_to_affiliates", "reserve", "carryover_out",
)  # fmt: skip
BALANCES = ("opening_balance", "income", "total", "closing_balance")
FUND_TABLES = ("general_public_budget", "government_fund", "state_capital")
SPLIT = {"opening_balance": "opening", "income": "income", "closing_balance": "closing"}
LOOSE = frozenset({"unit_funds", "business"})
