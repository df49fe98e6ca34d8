"""Python's cyclic collector put to rest while hundreds of thousands of plain values are made (a tenth of an import)."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def at_rest() -> Iterator[None]:
    """No cyclic collection inside the block; what it made is collected afterwards as usual."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
