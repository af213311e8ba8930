"""Development only: a local Zalo that speaks the real wire contract, with a phone to watch.

It imports no part of the product and no part of the product imports it: the two meet on sockets
and in one file, the product's message templates.
"""
