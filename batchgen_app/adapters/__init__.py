"""What leans on the private parts of others: of each library, what the app takes for granted and
the library does not promise. Nothing here knows of batches; whoever needs such a thing asks here.

::

    nicegui     whose page a task, an id, a socket belongs to; what is said on sockets
    addresses   where NiceGUI answers, for those who must not import it
    uvicorn     a server that listens in several places, and connections that can be refused early
    embedded_server
                uvicorn as a task beside others, whose end is like a kill
    starlette   an application mounted below a path, whatever characters the rest has; answers from
                files that are open already
    aiosqlite   several statements on one way to a connection's thread
    zipstream   a ZIP of contents that are opened when their turn comes, with dates of their own

``READ_IN`` says in which versions that was read. ``tests/adapters`` tries each assumption, and
fails where another version is installed than was read: then read again, and change the number.

``assets/base.css`` is what the pages need of the Tailwind that this NiceGUI brings: with another
version of it, that is looked at again, too. What the toolkits below pywebview do in their own ways
is in ``window/process/toolkit``: that process imports nothing of the app.
"""

READ_IN = {
    "aiosqlite": "0.22.1",
    "nicegui": "3.18.0",
    "python-socketio": "5.18.1",
    "pywebview": "6.2.1",
    "starlette": "1.10.0",
    "uvicorn": "0.54.0",
    "zipstream-ng": "1.9.3",
}
