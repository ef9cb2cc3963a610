"""What may stand in texts that are stored."""

import json
import sys

from batchgen_app.core.wire import json_line, storable


def test_of_all_characters_control_characters_and_halves_of_a_pair_cannot_be_stored() -> None:
    everything = "".join(map(chr, range(sys.maxunicode + 1)))
    control = set(map(chr, range(32))) - set("\n\r\t")
    halves = set(map(chr, range(0xD800, 0xE000)))
    assert set(everything) - set(storable(everything)) == control | halves


def test_what_can_be_stored_stays_in_its_order() -> None:
    assert storable("\x00a\tfox\x0b,\n\ud83d red") == "a\tfox,\n red"


def test_any_text_is_one_line_of_json_that_can_be_written() -> None:
    everything = " ".join(map(chr, range(sys.maxunicode + 1)))
    line = json_line({"file": everything})
    assert len(line.encode().decode().splitlines()) == 1
    assert json.loads(line) == {"file": everything}
