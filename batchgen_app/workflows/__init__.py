"""Understands node graphs. Pure: no input or output.

::

    node_types               what a server tells about its nodes
    graph ─▶ typed_graph     nodes, values, links; what each input takes
        switches             what no switch passes on plays no role
        samplers             who samples, in which stage; from these everything else is looked for:
        texts ─▶ typed_words     the words of a person, as far upstream as they are typed
        models, sizes, outputs   the loaders, the size, which picture is the image
        roles                all of it: which input plays which part, and what may be meant
    corrections              what a person knows better, and what has to be asked
    filling ─▶ proportions   what a request changes, and what has to follow
    loras                    put behind what loads the model
    families ─▶ built_in     the built-in workflows
    tokens                   in file prefixes, resolved when a graph is sent
    inspection               what was understood, as people and programs are told
    seeding                  the graph with the seed of one image
    workflow                 a graph, what was understood of it, and how values get in
    editor                   files of ComfyUI's editor, turned into graphs
"""
