"""Speaks Comfy API v2: to Comfy's cloud, to a deployment, or to ``comfy-api-proxy`` in front of a
ComfyUI; through the official client, ``comfy-sdk``, whose lower half (``comfy_low``) takes any
address and has a binding for each operation.

::

    client     ComfyApiClient: submit, prompt_status, cancel, picture …
      wire       the official client on our HTTP; faults of the wire become our errors
      posting    a graph becomes one job; by which label of ours it is found again
      sent_jobs  which job is which of our prompts, and what was sent as it
      jobs       a job, as the rest of the app knows prompts
      outputs    files on their way, by the server's own links
      refusals   why a workflow was refused, in words
    listener   ApiListener: is it there; the events of each job that is followed
      events     an event as the messages that a ComfyUI server would send
    catalog    ApiCatalog: how little there is to choose from

What the interface does not tell, nothing here makes up: node types, models and what is known of
their files, memory, version, whether results of an earlier job served; and no credits or prices,
of which it knows only the refusal (402). Previews and steps come as events, at most two a second,
and not from every server.

A server makes ids of its own. A prompt goes out under our id as its ``Idempotency-Key``, of which a
server takes each only once, so that a question without an answer can be put again; and with our id
as a label, so that the job can be found then (``posting``).
"""
