"""What faces may ask and do: pages, API, window and commands, which see nothing else of the app.

::

    services      Services: who is handed what
    queries       Queries: what they may ask who may look, of batches, their files and the server;
                  the one place where it is checked that they may look, still
    commands      Commands: what is done with batches, images and the trash
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
from batchgen_app.services.preferences import Preferences
from batchgen_app.services.queries import Queries, ServerQueries
from batchgen_app.services.services import HERE, Services
from batchgen_app.services.sharing import Sharing

__all__ = [
    "HERE",
    "Administration",
    "Commands",
    "Preferences",
    "Queries",
    "ServerQueries",
    "Services",
    "Sharing",
]
