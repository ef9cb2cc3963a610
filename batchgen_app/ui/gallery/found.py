"""Found: the pictures that a search finds, as they are gone through in large. Only those around the
one that is seen are known: there may be very many.
"""

from collections.abc import Iterable, Mapping, Sequence

from batchgen_app.core.found_image import FoundImage
from batchgen_app.services import Queries
from batchgen_app.services.values import ImageOrder, ImagePage, Known
from batchgen_app.ui.gallery.filters import Filters

SIDE = 40
"""Pictures that are known on each side of the one that is seen."""
NEAR = 20
"""With fewer than so many on a side, further ones are asked for."""


class Found:
    """What ``filters`` find: ``pictures`` are those that are known, the first of which is the one
    at the place ``start`` of ``total``. A picture that was marked keeps its place among them, also
    where it is not found any more, or would stand elsewhere: a mark leads nobody elsewhere, and can
    be taken back where it was given. Every question raises StorageError.
    """

    def __init__(self, queries: Queries, filters: Filters) -> None:
        self._queries = queries
        self._filters = filters
        self._stars: dict[str, int] = {}
        """What each picture had when it took its place: in the order of stars, that decides."""
        self.pictures: list[FoundImage] = []
        self.start = 0
        self.total = 0

    def place(self, image: str) -> int | None:
        """That of a picture that is known here, counted from 0."""
        at = self._at(image)
        return None if at is None else self.start + at

    def picture(self, image: str) -> FoundImage | None:
        """One that is known here."""
        at = self._at(image)
        return None if at is None else self.pictures[at]

    def is_near_the_end(self, image: str) -> bool:
        """Whether soon nothing would be known any more on one side of it."""
        at = self._at(image)
        if at is None:
            return False
        after = len(self.pictures) - 1 - at
        is_more = self.start + len(self.pictures) < self.total
        return bool(self.start and at < NEAR) or (is_more and after < NEAR)

    async def look(self, image: str) -> str | None:
        """Know what is around a picture by now. Gives the one to be seen: it, or where it has gone
        the one after it, or before it; None where nothing is left, or it never was there.
        """
        ids = [picture.id for picture in self.pictures]
        asked = ids if image in ids else [*ids, image]
        there = {picture.id: picture for picture in (await self._known(asked)).images}
        seen = next((one for one in self._nearest_first(image) if one in there), None)
        if seen is None:
            return await self.reach(self.place(image) or 0) if image in ids else None
        await self._take(seen, there)
        return seen

    async def reach(self, place: int) -> str | None:
        """Know what is around a place, and give the picture there, or the last one; None where
        nothing is found.
        """
        page = await self._page(place)
        if page.total and place >= page.total:
            place = page.total - 1
            page = await self._page(place)
        self._keep(page.images, max(0, place - SIDE), page.total)
        return self.pictures[place - self.start].id if self.pictures else None

    async def _known(self, images: Sequence[str]) -> Known:
        return await self._queries.known_images(self._filters.image_query(), images)

    async def _page(self, place: int) -> ImagePage:
        wanted = self._filters.image_query(2 * SIDE + 1, max(0, place - SIDE))
        return await self._queries.find_images(wanted)

    def _at(self, image: str) -> int | None:
        return next((at for at, one in enumerate(self.pictures) if one.id == image), None)

    async def _take(self, seen: str, there: Mapping[str, FoundImage]) -> None:
        moved = {image for image, picture in there.items() if self._has_moved(picture)}
        anchor = next((i for i in self._around(seen) if i in there and i not in moved), seen)
        query = self._filters.image_query()
        place = await self._queries.images_before(query, anchor, or_would=True)
        page = await self._page(place or 0)
        # Behind the page: what is marked meanwhile is not in it, and keeps its place all the same.
        known = await self._known(list(there))
        start = max(0, (place or 0) - SIDE)
        fresh = [picture for picture in page.images if picture.id not in moved]
        near = set(list(self._around(seen))[: 2 * SIDE])
        stays = [i for i in known.images if i.id in near]
        keep = {i.id: i for i in stays if i.id in moved or i.id not in known.found}
        before = [one.id for one in self.pictures]
        if seen not in before and seen not in known.found:
            before = [*(one.id for one in fresh[: (place or 0) - start]), seen]
        pictures = merged(before, fresh, keep)
        in_page = {picture.id for picture in page.images}
        beside = sum(i not in known.found and i not in in_page for i in keep)
        is_end = start + len(page.images) >= page.total
        self._keep(pictures, start, start + len(pictures) if is_end else page.total + beside)

    def _has_moved(self, picture: FoundImage) -> bool:
        by_stars = self._filters.sort is ImageOrder.RATING
        return by_stars and self._stars.get(picture.id, picture.rating) != picture.rating

    def _keep(self, pictures: Sequence[FoundImage], start: int, total: int) -> None:
        self._stars = {one.id: self._stars.get(one.id, one.rating) for one in pictures}
        self.pictures, self.start, self.total = list(pictures), start, total

    def _nearest_first(self, image: str) -> Iterable[str]:
        """It, those after it, and those before it, the nearest of each first."""
        at, ids = self._at(image), [picture.id for picture in self.pictures]
        return [image] if at is None else [*ids[at:], *reversed(ids[:at])]

    def _around(self, image: str) -> list[str]:
        """It and all others that are known, the nearest first."""
        at = self._at(image)
        if at is None:
            return [image]
        near = sorted(range(len(self.pictures)), key=lambda place: abs(place - at))
        return [self.pictures[place].id for place in near]


def merged(
    before: Sequence[str], fresh: Sequence[FoundImage], stays: Mapping[str, FoundImage]
) -> list[FoundImage]:
    """``fresh``, and among them what ``stays`` where it stood: behind what it stood behind
    ``before``, or else in front of what came after it.
    """
    pictures = {picture.id: picture for picture in fresh}
    order = list(pictures)
    for at, image in enumerate(before):
        if image in stays and image not in pictures:
            behind = next((i for i in reversed(before[:at]) if i in pictures), None)
            ahead = next((i for i in before[at:] if i in pictures), None)
            place = order.index(behind) + 1 if behind else order.index(ahead) if ahead else 0
            order.insert(place, image)
            pictures[image] = stays[image]
    return [pictures[image] for image in order]
