"""What faces may ask and do: pages, API, window and commands, which see nothing else of the app.

::

    services      Services: who is handed what
    queries       Queries: what they may ask who may look, of batches and images
      file_queries      of their files
      server_queries    of the ComfyUI server
      search_queries    of all pictures, found by words and fields
      workflow_queries  of the workflows that can be chosen
      delivery_queries  of what is taken along: names, packs
      lineage_queries   of what a batch came from
      questions         the one place where it is checked that they may look, still
    commands      Commands: what is done with batches, images and the trash
      workflow_commands  with the workflows that people keep
      server_commands   with the list of servers
    housekeeping  Housekeeping: how much room there is, a look through the files
    administration
                  Administration: the server, the folders, what helpers read
    sharing       Sharing: who may come in
    preferences   Preferences: what is saved for the next start, and how the pages look
    values        what goes in and comes out, from the rooms below

Every command is told for which caller; whether they may stands in ``access/policy``. No public
name of a query leads to an object that can do something: a story walks along all of them.
"""

from batchgen_app.services.administration import Administration
from batchgen_app.services.commands import Commands
from batchgen_app.services.housekeeping import Housekeeping
from batchgen_app.services.preferences import Preferences
from batchgen_app.services.queries import Queries
from batchgen_app.services.server_queries import ServerQueries
from batchgen_app.services.services import HERE, Services
from batchgen_app.services.sharing import Sharing

__all__ = [
    "HERE",
    "Administration",
    "Commands",
    "Housekeeping",
    "Preferences",
    "Queries",
    "ServerQueries",
    "Services",
    "Sharing",
]
