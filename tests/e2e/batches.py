"""Batches as scripts start them, and where people watch them."""

import time
from typing import Any

import httpx
from playwright.sync_api import Page

from tests.e2e.conftest import LOOK_AGAIN, Served
from tests.studio import MODEL

PROMPT = "a lighthouse at dawn"
REJECTED = "block"
"""What a picture that is rejected has among its marks: the name of an icon."""


def begin(served: Served, count: int = 4, **changes: Any) -> str:
    """Start a batch of small pictures over the API; gives the address of its page."""
    small = {"steps": 6, "width": 256, "height": 192}
    asked = {"prompt": PROMPT, "batchCount": count, "seedMode": "random", "model": MODEL}
    answer = httpx.post(
        f"{served.address}/api/batches", json={**asked, "baseParameters": small, **changes}
    )
    answer.raise_for_status()
    return f"{served.address}/batch/{answer.json()['batchId']}"


def made(served: Served, count: int = 4, **changes: Any) -> str:
    """The page of a batch that has ended."""
    address = begin(served, count, **changes)
    while truth(address)["batch"] is None:
        time.sleep(LOOK_AGAIN)
    return address


def stop(page: Page) -> None:
    """As a person cancels the batch that is watched there."""
    page.get_by_test_id("cancel").click()
    page.get_by_test_id("agree").click()


def truth(page_address: str) -> dict[str, Any]:
    """What the API says about the batch of a page."""
    answer = httpx.get(page_address.replace("/batch/", "/api/batches/"))
    told: dict[str, Any] = answer.raise_for_status().json()
    return told
