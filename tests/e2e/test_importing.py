"""Pictures of other programs in a real browser: chosen, dropped with their folder, taken back."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, Request, expect

from batchgen_app.ui import words as common
from tests.e2e.conftest import Served
from tests.programs.crafted import A1111
from tests.programs.test_keeping import foreign
from tests.storage.making import jpeg, png

Open = Callable[..., Page]
DROP_FOLDER = """async (contents) => {
    // A page cannot make folders: these stand for what a desktop hands over.
    const file = (name, type, bytes) => new File([new Uint8Array(bytes)], name, { type });
    const asEntry = (of) => ({ isFile: true, file: (done) => done(of) });
    const inside = [
        asEntry(file("deep.png", "image/png", contents[0])),
        asEntry(file("notes.txt", "text/plain", [65])),
    ];
    const reader = { readEntries: (done) => done(inside.splice(0, 1)) };
    const folder = { isDirectory: true, createReader: () => reader };
    const event = new Event("drop", { bubbles: true, cancelable: true });
    event.dataTransfer = {
        types: ["Files"], files: [], items: [{ webkitGetAsEntry: () => folder }],
    };
    document.body.dispatchEvent(event);
}"""


def test_pictures_come_from_a_choice_and_from_a_dropped_folder_and_go_again(
    own: Served, open_page: Open, tmp_path: Path
) -> None:
    (tmp_path / "lighthouse.png").write_bytes(png(parameters=A1111))
    (tmp_path / "bare.jpg").write_bytes(jpeg())
    page = open_page(f"{own.address}/gallery")
    with page.expect_file_chooser() as chosen:
        page.get_by_test_id("import").click()
    chosen.value.set_files([tmp_path / "lighthouse.png", tmp_path / "bare.jpg"])
    summary = page.get_by_test_id("import-summary")
    expect(summary).to_have_text("2 imported · 1 without settings")
    expect(page.get_by_test_id("gallery-item")).to_have_count(2)
    page.evaluate(DROP_FOLDER, [list(png(parameters=A1111.replace("Seed: 4", "Seed: 5")))])
    expect(summary).to_have_text("1 imported")
    expect(page.get_by_test_id("gallery-item")).to_have_count(3)
    page.get_by_role("button", name=str(common.UNDO), exact=True).last.click()
    expect(page.get_by_test_id("gallery-item")).to_have_count(2)


def test_many_files_are_sent_some_at_a_time_and_all_arrive(
    own: Served, open_page: Open, tmp_path: Path
) -> None:
    files = [tmp_path / f"{number:02}.png" for number in range(45)]
    for number, file in enumerate(files):
        file.write_bytes(foreign(number))
    page = open_page(f"{own.address}/gallery")
    under_way: list[str] = []
    most = [0]

    def begun(request: Request) -> None:
        if request.method == "POST":
            under_way.append(request.url)
            most[0] = max(most[0], len(under_way))

    def ended(request: Request) -> None:
        if request.method == "POST":
            under_way.pop()

    page.on("request", begun)
    page.on("requestfinished", ended)
    with page.expect_file_chooser() as chosen:
        page.get_by_test_id("import").click()
    chosen.value.set_files(files)
    expect(page.get_by_test_id("import-summary")).to_have_text("45 imported")
    assert most[0] < len(files), "thousands at once would keep the page from doing anything else"
