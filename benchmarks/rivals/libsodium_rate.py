"""How fast libsodium itself opens sealed ballots, on every core at once, and nothing else is done with them."""

import json
import multiprocessing
import os
import sys
import time

from nacl.bindings import crypto_box_keypair, crypto_box_seal, crypto_box_seal_open

_BALLOT_BYTES = 32


def opened(core: int, count: int) -> float:
    """Seconds that opening so many took on this core."""
    os.sched_setaffinity(0, {core})
    public, private = crypto_box_keypair()
    sealed = [crypto_box_seal(bytes(_BALLOT_BYTES), public) for _ in range(1000)]
    begun = time.perf_counter()
    for number in range(count):
        crypto_box_seal_open(sealed[number % len(sealed)], public, private)
    return time.perf_counter() - begun


def main(count: int) -> None:
    cores = sorted(os.sched_getaffinity(0))
    each = count // len(cores)
    with multiprocessing.Pool(len(cores)) as pool:
        seconds = pool.starmap(opened, [(core, each) for core in cores], chunksize=1)
    print(json.dumps({"a_second": sum(each / took for took in seconds)}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
