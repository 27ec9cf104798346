"""OpenAI's moderation endpoint, as its clients know it: ``categories`` maps the vocabulary, ``shapes`` the request,
``answers`` the reply, ``errors`` what goes wrong, and ``views`` is the door.
"""
