"""What a phone's camera reads."""

import segno


def qr_image(text: str) -> str:
    """An SVG as a data address, dark on light in every theme: many readers want it so."""
    code = segno.make(text, error="m", micro=False)
    return str(code.svg_data_uri(scale=6, border=3, dark="#111", light="#fff"))
