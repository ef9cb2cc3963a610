from tests.ui.conftest import Opening
async def test_opens(opening: Opening) -> None:
    visit = await opening("/")
    assert visit.one("nav-generate")
async def test_opens2(opening: Opening) -> None:
    visit = await opening("/")
    b = await visit.studio.make()
    await visit.open("/batch/"+b.batch_id)
    await visit.user.should_see(b.batch_id)
