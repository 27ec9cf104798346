"""Who comes in, how, and for how long: the console's sign-in. The keys of the API are another thing.

``events.py`` tells whoever keeps the record, ``lockout.py`` stops guessing, ``second_factor.py`` knows the codes,
``sessions.py`` ends what was left open, ``gate.py`` stands before every page, ``pages.py`` are the steps a person sees,
and ``oidc.py``, imported only where it is configured, lets a provider say who somebody is.
"""
