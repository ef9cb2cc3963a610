"""A picture that is encoded shows through what is painted over it."""

from io import BytesIO
from typing import Any

from PIL import Image, ImageChops, ImageStat

from tests.demo.graphs import Graph, node, txt2img
from tests.demo.guest import Guest
from tests.demo.test_nodes import flux, picture

HALF = (0, 0, 32, 64)
"""The left one, which is transparent."""


async def uploaded(guest: Guest) -> str:
    """Red, 128 x 64 pixels; its left half can be seen through."""
    image, content = Image.new("RGBA", (128, 64), "red"), BytesIO()
    image.paste((255, 0, 0, 0), (0, 0, 64, 64))
    image.save(content, "PNG")
    files = {"image": ("mine.png", content.getvalue())}
    answer = await guest.http.post("/upload/image", files=files)
    return str(answer.json()["name"])


def begun(name: str, graph: Graph, sampler: str = "3", decoder: str = "8", **changes: Any) -> Graph:
    """A graph of 64 x 64 pixels that begins with a picture."""
    scale = {"upscale_method": "lanczos", "width": 64, "height": 64, "crop": "disabled"}
    graph |= {
        "photo": node("LoadImage", image=name),
        "scale": node("ImageScale", image=["photo", 0], **scale),
        "encode": node("VAEEncode", pixels=["scale", 0], vae=graph[decoder]["inputs"]["vae"]),
    }
    graph[sampler]["inputs"] |= {"latent_image": ["encode", 0], **changes}
    return graph


def difference(one: Image.Image, other: Image.Image) -> float:
    changes = ImageChops.difference(one.convert("RGB"), other.convert("RGB"))
    return sum(ImageStat.Stat(changes).mean)


RED = Image.new("RGB", (64, 64), "red")


async def test_the_less_is_changed_the_more_of_it_is_seen(guest: Guest) -> None:
    name = await uploaded(guest)
    made = [await picture(guest, begun(name, txt2img(denoise=share))) for share in (0.0, 0.3, 0.8)]
    changes = [difference(RED, one) for one in made]
    assert changes[0] == 0
    assert changes == sorted(changes)
    assert len(set(changes)) == 3


async def test_where_there_is_a_mask_only_that_is_changed(guest: Guest) -> None:
    graph = begun(await uploaded(guest), txt2img())
    graph["masked"] = node("SetLatentNoiseMask", samples=["encode", 0], mask=["photo", 1])
    graph["3"]["inputs"]["latent_image"] = ["masked", 0]
    made = await picture(guest, graph)
    rest = (36, 0, 64, 64)
    assert difference(made.crop(rest), RED.crop(rest)) == 0
    assert difference(made.crop(HALF), RED.crop(HALF)) > 0


async def test_a_mask_by_its_own_node_means_the_same(guest: Guest) -> None:
    name = await uploaded(guest)
    both = []
    for source in (["photo", 1], ["own", 0]):
        graph = begun(name, txt2img())
        graph["own"] = node("LoadImageMask", image=name, channel="alpha")
        graph["masked"] = node("SetLatentNoiseMask", samples=["encode", 0], mask=source)
        graph["3"]["inputs"]["latent_image"] = ["masked", 0]
        both.append((await picture(guest, graph)).tobytes())
    assert both[0] == both[1]


async def test_a_schedule_cut_short_leaves_as_much(guest: Guest) -> None:
    graph = begun(await uploaded(guest), flux(), "10", "11", sigmas=["cut", 1])
    graph["8"]["inputs"]["steps"] = 10
    graph["cut"] = node("SplitSigmasDenoise", sigmas=["8", 0], denoise=0.3)
    made = await picture(guest, graph)
    steps = [m["data"] for m in guest.heard if isinstance(m, dict) and m["type"] == "progress"]
    assert steps[0]["max"] == 3
    graph["10"]["inputs"]["sigmas"] = ["8", 0]
    assert difference(RED, made) < difference(RED, await picture(guest, graph))


async def test_a_picture_is_cut_to_the_shape_or_pressed_into_it(guest: Guest) -> None:
    name, seen = await uploaded(guest), []
    for crop in ("disabled", "center"):
        scale = {"upscale_method": "area", "width": 32, "height": 0, "crop": crop}
        graph = {
            "photo": node("LoadImage", image=name),
            "scale": node("ImageScale", image=["photo", 0], **scale),
            "save": node("SaveImage", images=["scale", 0], filename_prefix="lab"),
        }
        seen.append((await picture(guest, graph)).size)
    assert seen == [(32, 16), (32, 16)]
