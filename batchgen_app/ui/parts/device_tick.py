"""A switch that each device has for itself, and remembers."""

from nicegui import ui

from batchgen_app.places import assets_dir


class DeviceTick(ui.element, component=assets_dir() / "device_tick.js"):
    """Kept by the browser as ``batchgen.<kept>``; ``mark`` is what tests know it by."""

    def __init__(self, kept: str, mark: str, label: str, hint: str) -> None:
        super().__init__()
        self.props.update(kept=f"batchgen.{kept}", mark=mark, label=label, hint=hint)
