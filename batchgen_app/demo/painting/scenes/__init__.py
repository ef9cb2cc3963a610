"""What can be on a picture, and which words call for it."""

from collections.abc import Callable

import numpy as np

from batchgen_app.demo.painting.canvas import Canvas
from batchgen_app.demo.painting.scenes.forest import forest
from batchgen_app.demo.painting.scenes.land import dunes, mountains
from batchgen_app.demo.painting.scenes.space import flow, space
from batchgen_app.demo.painting.scenes.still_life import still_life
from batchgen_app.demo.painting.scenes.water import city, sea
from batchgen_app.demo.painting.sky import Brief, Words

Scene = Callable[[Canvas, Brief], None]

SCENES: dict[Scene, str] = {
    mountains: "mountain hill valley landscape alps peak meadow village cottage field countryside",
    sea: "sea ocean lighthouse ship boat coast beach island harbor harbour wave lake river sail",
    forest: "forest wood tree jungle fox deer wolf fern bamboo grove glade",
    city: "city town street skyline skyscraper building cyberpunk neon tokyo metropolis castle",
    space: "space planet galaxy nebula star cosmos astronaut alien moon saturn universe",
    dunes: "desert dune sand sahara camel egypt mars canyon",
    still_life: "apple fruit pear lemon orange table bowl plum peach still kitchen food",
    flow: "abstract pattern fluid flow swirl marble texture dream music portrait emotion",
}


def choose_scene(words: Words, random: np.random.Generator) -> Scene:
    """The scene that most words call for; several that tie, or none: any of them by seed."""
    calls = {scene: len(words & set(text.split())) for scene, text in SCENES.items()}
    best = max(calls.values())
    fitting = [scene for scene, number in calls.items() if number == best]
    return fitting[int(random.integers(len(fitting)))]
