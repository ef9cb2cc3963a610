"""The name of a device, as people recognise it in a list: from its user agent."""

SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS X": "Mac",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}
BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "Chrome": "Chrome",
    "CriOS": "Chrome",
    "Safari": "Safari",
}
LONGEST = 40
UNKNOWN = "Unknown device"


def device_name(user_agent: str) -> str:
    """Like "Safari on iPhone"; for what is no browser, the first word that it says of itself."""
    system, browser = _first(SYSTEMS, user_agent), _first(BROWSERS, user_agent)
    if system and browser:
        return f"{browser} on {system}"
    return system or browser or _first_word(user_agent) or UNKNOWN


def _first(names: dict[str, str], user_agent: str) -> str:
    return next((name for mark, name in names.items() if mark in user_agent), "")


def _first_word(user_agent: str) -> str:
    word = next(iter(user_agent.split()), "").split("/")[0]
    return "".join(letter for letter in word if letter.isascii() and letter.isprintable())[:LONGEST]
