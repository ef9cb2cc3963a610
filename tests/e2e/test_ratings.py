"""Ratings are seen wherever they were given: on the tile, on a phone, in the pile, all the time."""

import re
from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.batches import begin, made, truth
from tests.e2e.conftest import DESKTOP, PHONE, Served

OpenPage = Callable[..., Page]
SMALL = {"baseParameters": {"steps": 1, "width": 64, "height": 64}}
LOOKS = [{"viewport": DESKTOP}, {"viewport": PHONE, "has_touch": True, "is_mobile": True}]


def rated(served: Served, *stars: int) -> str:
    """The page of a batch whose images have so many stars."""
    address = made(served, count=len(stars), **SMALL)
    for image, given in zip(truth(address)["images"], stars, strict=True):
        asked = {"rating": given}
        httpx.patch(f"{served.address}/api/images/{image['id']}", json=asked).raise_for_status()
    return address


def says(rating: Locator, stars: int) -> None:
    """The mark is in sight and tells how many stars there are."""
    expect(rating).to_have_attribute("data-value", str(stars))
    if stars:
        expect(rating).to_be_visible()
    else:
        expect(rating).to_be_hidden()


@pytest.mark.parametrize("look", LOOKS, ids=["desktop", "phone"])
def test_the_stars_that_were_given_are_seen_on_tiles_large_and_in_the_gallery(
    own: Served, open_page: OpenPage, look: dict[str, object]
) -> None:
    page = open_page(rated(own, 4, 0, 2), **look)
    tiles = page.get_by_test_id("comparison-tile")
    expect(tiles).to_have_count(3)
    for tile, stars in zip(tiles.all(), (4, 0, 2), strict=True):
        says(tile.get_by_test_id("rating"), stars)
    picture = tiles.first.locator(".bg-tile-picture")
    expect(picture).to_have_accessible_name(re.compile("4 stars$"))
    tiles.first.locator("img").click()
    large = page.get_by_test_id("image-detail")
    says(large.get_by_test_id("rating"), 4)
    large.get_by_role("button", name="5 stars").click()
    says(large.get_by_test_id("rating"), 5)
    page.keyboard.press("Escape")
    says(tiles.first.get_by_test_id("rating"), 5)
    page.wait_for_function("!history.state?.isOfView")  # it has taken back its entry
    page.goto(f"{own.address}/gallery")
    pile = page.get_by_test_id("gallery-item")
    says(pile.get_by_test_id("rating"), 5)
    pile.get_by_test_id("open-pile").click()
    cards = pile.locator(".bg-fan-card").get_by_test_id("rating")
    expect(cards).to_have_count(3)
    for card, stars in zip(cards.all(), (5, 0, 2), strict=True):
        says(card, stars)


def test_stars_that_are_given_elsewhere_come_by_themselves(
    own: Served, open_page: OpenPage
) -> None:
    address = rated(own, 0, 0)
    page, gallery = open_page(address), open_page(f"{own.address}/gallery")
    pile = gallery.get_by_test_id("gallery-item")
    pile.get_by_test_id("open-pile").click()
    ticks = page.get_by_test_id("select-image")
    expect(ticks).to_have_count(2)
    for tick in ticks.all():
        tick.check()
    page.get_by_test_id("side-by-side").click()
    pane = page.get_by_test_id("side-by-side-view").get_by_test_id("pane").nth(1)
    says(pane.get_by_test_id("rating"), 0)
    image = truth(address)["images"][1]["id"]
    httpx.patch(f"{own.address}/api/images/{image}", json={"rating": 3}).raise_for_status()
    says(pane.get_by_test_id("rating"), 3)
    says(pile.locator(".bg-fan-card").nth(1).get_by_test_id("rating"), 3)
    says(pile.locator(".bg-pile-facts").get_by_test_id("rating"), 3)


def test_stars_that_are_given_while_a_batch_runs_are_seen_in_its_row(
    served: Served, open_page: OpenPage
) -> None:
    slow = {"baseParameters": {"steps": 12, "width": 64, "height": 64}}
    page = open_page(begin(served, count=12, **slow))
    done = page.locator("[data-testid=thumbnail][data-status=completed]")
    done.first.click()
    page.get_by_test_id("image-detail").get_by_role("button", name="4 stars").click()
    says(page.get_by_test_id("image-detail").get_by_test_id("rating"), 4)
    page.keyboard.press("Escape")
    says(done.first.get_by_test_id("rating"), 4)
    page.get_by_test_id("cancel").click()
