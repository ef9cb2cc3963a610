"""What ComfyUI's page makes of a prompt before it sends it: comments go, and of ``{red|blue}`` one
is left. The page takes any of them, here it is the first: the same file gives the same graph.
"""

import re

_PART = re.compile(r"\\[{}|]|[{}|]|\\|[^\\{}|]+")


def settled(text: str) -> str:
    """``text`` without comments and alternatives; a backslash keeps a bracket as it is."""
    said: list[str] = []
    groups: list[bool] = []  # of those that are open: whether their first alternative has ended
    ended = 0
    for part in _PART.findall(_without_comments(text)):
        if part == "{":
            groups.append(False)
        elif part == "}" and groups:
            ended -= groups.pop()
        elif part == "|" and groups:
            ended += not groups[-1]
            groups[-1] = True
        elif not ended:
            said.append(part[-1] if len(part) == 2 and part[0] == "\\" else part)
    return "".join(said)


def _without_comments(text: str) -> str:
    """One that does not end is none."""
    said: list[str] = []
    at, last = 0, text.rfind("*/")
    while (slash := text.find("/", at)) >= 0:
        end = slash + 1
        if text.startswith("//", slash):
            end = text.find("\n", slash)
        elif text.startswith("/*", slash) and last >= slash + 2:
            end = text.find("*/", slash + 2) + 2
        else:
            said.append(text[at:end])
            at = end
            continue
        said.append(text[at:slash])
        at = end if end >= 0 else len(text)
    return "".join([*said, text[at:]])
