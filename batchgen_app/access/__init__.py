"""Who may come in, and what they may do. One guard stands in front of pages, API, files and socket.

::

    guard         the pure-ASGI layer: Host, Origin, who asks, size and pace, security headers
    refusals          what it answers where it says no;  headers  what it adds where it says yes
    connections       heads that arrive too slowly, or from one address on too many connections
    bodies            no request body is larger or slower than it must be; pace  nor too frequent
    names             which names and addresses are this machine's own
    origins           whether a page of another site asks
    entrance      /login, /logout, /enter/…: the only doors that are open to strangers
    login_page        the form;  words  every text that people read
    access        Access: whom the guard asks; opened and closed with the app
    policy        the one table of who may do what;  callers  who is behind a request
    codes, sessions, invitations, tries
                      access codes, signed-in devices, one-time links, wrong codes
    stays             how long what somebody opened may stay open;  watching  and that it does not
    devices           the name of a device, from its user agent
    lan           Lan: the second listening socket, opened and closed while the app runs
    qr            an address as a picture

What is exported here is for everybody. The guard and ``Access`` itself are for those who build the
app: faces get ``services.Sharing``.
"""

from batchgen_app.access.callers import Caller, caller_of
from batchgen_app.access.policy import Role, Verb

__all__ = ["Caller", "Role", "Verb", "caller_of"]
