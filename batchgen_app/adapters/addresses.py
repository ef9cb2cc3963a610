"""Where NiceGUI answers. Part of its own script's way of talking, not of its documentation."""

SOCKET = "/_nicegui_ws/"
"""Below this, pages talk with the app."""
OF_A_PAGE = "/_nicegui/client/"
"""Where pages take uploads; the id of the page's client comes next."""
