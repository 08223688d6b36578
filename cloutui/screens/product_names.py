"""What the products are called where there is little room. By itself: the first paint needs no table of them."""

from __future__ import annotations

PRODUCTS = {"storage-protect": "SP", "protect-plus": "SPP", "rubrik": "Rubrik", "cohesity": "Cohesity"}
