"""Which stage a denoise is meant for: how much of what was there before is changed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from batchgen_app.workflows.graph import InputPlace
from batchgen_app.workflows.samplers import Samplers
from batchgen_app.workflows.typed_graph import IMAGE, LATENT, PIPE, TypedGraph

_NUMBERS = (int, float)


@dataclass(frozen=True)
class Denoise:
    """Where it goes; or what to choose from, where several stages change differently much.
    ``own`` are the places of the other stages.
    """

    places: list[InputPlace]
    choice: list[InputPlace]
    own: list[InputPlace]


def find_denoise(typed: TypedGraph, samplers: Samplers) -> Denoise:
    """The stage that begins with a picture; where all begin with nothing, of which everything has
    to be changed, those behind them that change a part; else the first one that has it.
    """
    every = _places(typed, [*samplers.group, *_scripts(typed, samplers.group)])
    first = _places(typed, samplers.parts(samplers.first))
    given = [node_id for node_id in samplers.first if _begins_with_picture(typed, node_id)]
    if own := _places(typed, samplers.parts(given)):
        return _settled(typed, own, every)
    later = [] if given else [p for p in _others(every, first) if _share(typed, p) != 1]
    if later:
        return _settled(typed, later, every)
    chosen = first or every[:1]
    return Denoise(chosen, [], _others(every, chosen))


def _settled(typed: TypedGraph, chosen: list[InputPlace], every: Iterable[InputPlace]) -> Denoise:
    """These; a person has to say which one, where they change differently much."""
    others = _others(every, chosen)
    is_one = len({_share(typed, place) for place in chosen}) == 1
    return Denoise(chosen, [], others) if is_one else Denoise([], chosen, others)


def _scripts(typed: TypedGraph, samplers: Iterable[str]) -> list[str]:
    """What a sampler is told to do when it is done, such as a second pass."""
    links = (typed.graph.link(node_id, "script") for node_id in samplers)
    found = dict.fromkeys(link.node_id for link in links if link)
    for node_id in (waiting := list(found)):
        link = typed.graph.link(node_id, "script")
        if link and link.node_id not in found:
            found[link.node_id] = None
            waiting.append(link.node_id)
    return list(found)


def _others(places: Iterable[InputPlace], chosen: Iterable[InputPlace]) -> list[InputPlace]:
    kept = {place.kept for place in chosen}
    return [place for place in places if place.kept not in kept]


def _share(typed: TypedGraph, place: InputPlace) -> object:
    return typed.graph.read(place.kept, _NUMBERS)


def _places(typed: TypedGraph, node_ids: Iterable[str]) -> list[InputPlace]:
    found = (typed.graph.place(node_id, "denoise", _NUMBERS) for node_id in node_ids)
    return [place for place in found if place]


def _begins_with_picture(typed: TypedGraph, sampler: str) -> bool:
    """Whether the latent that it begins with was made from one, or is one that was kept."""
    found = [*_behind(typed, sampler)]
    return any(typed.links_of(n, IMAGE) or _loads_latent(typed, n) for n in found)


def _behind(typed: TypedGraph, sampler: str) -> Iterator[str]:
    """The sampler, and all that its latent comes through."""
    found = {sampler: None}
    for node_id in (waiting := [sampler]):
        yield node_id
        kinds = (LATENT, PIPE) if node_id == sampler else (LATENT, PIPE, "")
        for link in typed.links_of(node_id, *kinds).values():
            if link.node_id not in found:
                found[link.node_id] = None
                waiting.append(link.node_id)


def _loads_latent(typed: TypedGraph, node_id: str) -> bool:
    return typed.graph.class_type(node_id).lower().startswith("loadlatent")
