"""Every text that people read on the pages, in one place."""

APP = "BatchGen"
NAV_GENERATE = "Generate"
NAV_GALLERY = "Gallery"
NAV_SETTINGS = "Settings"
DEMO_BANNER = (
    "These are placeholder pictures of the built-in demo engine. Start ComfyUI, or set its address "
    "in the settings."
)


def server_lost(address: str) -> str:
    """Shown while the server does not answer."""
    return (
        f"Cannot connect to server. Finished images are safe. Start ComfyUI at {address} or change "
        "the address in the settings, then Retry."
    )
