"""The node types that the demo engine knows: each file ends in a tuple of its own, which is listed
here.
"""

from batchgen_app.demo.node_type import NodeType
from batchgen_app.demo.nodes.conditioning import TEXT_NODES
from batchgen_app.demo.nodes.custom_sampling import CUSTOM_SAMPLERS
from batchgen_app.demo.nodes.encoding import ENCODING_NODES
from batchgen_app.demo.nodes.families import FAMILY_NODES
from batchgen_app.demo.nodes.images import IMAGE_NODES
from batchgen_app.demo.nodes.loaders import LOADERS
from batchgen_app.demo.nodes.outputs import OUTPUTS
from batchgen_app.demo.nodes.sampling import SAMPLERS


def node_types() -> dict[str, NodeType]:
    """Class type to node type, in the order of GET /object_info."""
    usual = (*SAMPLERS, *LOADERS, *TEXT_NODES, *IMAGE_NODES, *ENCODING_NODES, *OUTPUTS)
    known = (*usual, *CUSTOM_SAMPLERS, *FAMILY_NODES)
    return {node_type.name: node_type for node_type in known}
