"""Who may come in, and what they may do. One guard stands in front of pages, API, files and socket.

::

    proxies         outermost: for whom a proxy asks, where one is trusted
    guard           the pure-ASGI layer: Host, Origin, who asks, size and rate
      request_limits    heads and bodies no larger and no slower than they must be
      rate_limits       how often one device may ask, and how often it may be wrong
      hosts             which names and addresses are this machine's own
      responses         security headers on every answer; the pages that strangers see, and refusals
    login           /login, /logout, /enter/…: the only addresses that are open to strangers
    policy          the one table of who may do what, and until when
    callers         who is behind a request; what they opened ends when they may no longer come in
    access          Access: whom the guard asks; opened and closed with the app
      codes, sessions
                        access codes and links for one device; signed-in devices
    lan             Lan: the second listening socket, opened and closed while the app runs
    tls             the certificate that somebody has for the app
    words           every text that people read

What is exported here is for everybody. The guard and ``Access`` itself are for those who build
the app; pages, API and window get ``services.Sharing``.
"""

from batchgen_app.access.callers import Caller, caller_of
from batchgen_app.access.policy import Role, Verb

__all__ = ["Caller", "Role", "Verb", "caller_of"]
