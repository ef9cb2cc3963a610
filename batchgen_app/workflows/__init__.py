"""Understands node graphs. Pure: no input or output.

::

    node_types               what a server tells about its nodes
    graph ─▶ typed_graph     nodes, values, links; what each input takes
        switches             what no switch passes on plays no role
        samplers             who samples, in which stage; from these everything else is looked for:
        texts ─▶ typed_words     the words of a person, as far upstream as they are typed
        models, sizes, outputs   the loaders, the size, which picture is the image
        denoising            which stage changes what was there before
        keeping              what several nodes read of one: where it is written
        roles                all of it: which input plays which part, and what may be meant
    corrections              what a person knows better, and what has to be asked
    filling ─▶ proportions   what a request changes, and what has to follow
    picture_files            which pictures to start from the server does not have
    masks                    where what is transparent in a picture counts
    loras ─▶ lora_lists      put behind what loads the model, or into a list there
    families ─▶ built_in     the built-in workflows; family_of_graph: of one's own
        additions            another VAE, other encoders, a refiner in them
        from_picture         the same, begun with a picture
    model_folders            where a file that is missing goes
    adjustable               what of a workflow the form has fields for
    tokens                   in file prefixes, resolved when a graph is sent
    used_files               LoRAs and pictures to start from, of one's own graph
    listing                  a graph as a list for people
    inspection               what was understood, as people and programs are told
    seeding                  the graph with the seed of one image
    prompting                and with its words, where those vary
    workflow                 a graph, what was understood of it, and how values get in
    editor                   files of ComfyUI's editor, turned into graphs
"""
