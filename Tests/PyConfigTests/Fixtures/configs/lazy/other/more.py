with read_base():
    from ..base import shared

stage = dict(convs=(1, 2), shared=shared)
depth = 50
hidden = 'not brought in'
