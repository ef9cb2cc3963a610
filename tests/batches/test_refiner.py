"""A batch whose last steps a refiner makes: its steps are counted as those of one image."""

from dataclasses import dataclass, field
from pathlib import Path

from batchgen_app.core.events import Event
from batchgen_app.core.passing import Passing, StepDone
from batchgen_app.core.state import BatchState
from batchgen_app.demo import demo_models
from tests.studio import MODEL, studio

REFINER = "demo-dreams-xl-refiner.safetensors"
MODELS = {**demo_models(), "checkpoints": [MODEL, REFINER]}


@dataclass
class Counting(BatchState):
    """Remembers the steps of its first image, as pages count them."""

    counted: list[tuple[int | None, int | None]] = field(default_factory=list, compare=False)

    def apply(self, event: Event | Passing) -> None:
        super().apply(event)
        if isinstance(event, StepDone) and event.index == 1:
            self.counted.append((self.current_step, self.total_steps))


async def test_its_steps_follow_those_of_the_base_and_it_is_remembered(tmp_path: Path) -> None:
    steps = {"steps": 10, "width": 64, "height": 64}
    async with studio(tmp_path, new_state=Counting, models=MODELS, step_delay=0.01) as here:
        batch = await here.make(refiner=REFINER, baseParameters=steps, batchCount=2)
        picture = here.app.storage.store.folder(batch.batch_id) / batch.pictures[0].filename
        text = picture.with_suffix(".txt").read_text(encoding="utf-8")
    assert isinstance(batch, Counting)
    assert batch.counted == [(step, 10) for step in range(1, 11)]
    assert batch.parameters.refiner == REFINER
    assert batch.request.refiner == REFINER
    assert f"Refiner: {REFINER.removesuffix('.safetensors')}, Refiner switch at: 0.8" in text
    assert len(set(batch.seeds)) == 2


async def test_the_same_request_again_has_it_too(tmp_path: Path) -> None:
    async with studio(tmp_path, models=MODELS) as here:
        batch = await here.make(refiner=REFINER, batchCount=2)
        accepted = await here.app.batch_service.regenerate(batch.batch_id)
        again = await here.end(accepted.batch)
    assert again.workflow["refined"]["inputs"]["model"] == ["refiner", 0]
    assert again.completed_images == 2
