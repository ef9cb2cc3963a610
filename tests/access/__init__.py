"""Who may come in, tried from a second address of this machine."""
