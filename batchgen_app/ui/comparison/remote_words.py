"""Every text about a phone on which a batch is judged, too."""

from batchgen_app.language.texts import lazy

REMOTE = lazy("Judge on a phone")
HINT = lazy(
    "Point the phone's camera here: this batch opens there. What is marked on one of the two shows "
    "on the other at once. It lets one device in, once, within 5 minutes."
)
CODE = lazy("QR code that opens this batch on a phone")
CLOSED = lazy(
    "Other devices are not let in yet. Switch that on in the settings, under “Other devices”; "
    "then come back here."
)
TO_SETTINGS = lazy("Open the settings")
NOWHERE = lazy("This computer is in no network that a phone could reach it by.")
