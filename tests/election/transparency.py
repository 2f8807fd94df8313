"""What others say a public log is: the definitions of RFC 9162 and answers known from Certificate Transparency.

MTH, PATH, PROOF and SUBPROOF are sections 2.1.1, 2.1.3.1 and 2.1.4.1 letter by letter, and as slow as they stand
there. The one difference: a list of leaf hashes stands for the list of entries D_n.
"""

import hashlib

# the reference tests of Certificate Transparency: eight entries, and the root after each
KNOWN_ENTRIES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
KNOWN_LEAVES = [hashlib.sha256(b"\0" + bytes.fromhex(entry)).digest() for entry in KNOWN_ENTRIES]
KNOWN_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
# nodes of the tree over all eight, by the leaves under them
KNOWN_NODES = {
    "0": "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "1": "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "01": "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "23": "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "0123": "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4": "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "45": "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
    "67": "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "4567": "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
}


def MTH(D: list[bytes]) -> bytes:
    """The Merkle tree hash."""
    n = len(D)
    if n == 0:
        return hashlib.sha256().digest()
    if n == 1:
        return D[0]
    k = _k(n)
    return hashlib.sha256(b"\x01" + MTH(D[:k]) + MTH(D[k:n])).digest()


def PATH(m: int, D: list[bytes]) -> list[bytes]:
    """The inclusion proof for the entry m."""
    n = len(D)
    if n == 1:
        return []
    k = _k(n)
    if m < k:
        return [*PATH(m, D[:k]), MTH(D[k:n])]
    return [*PATH(m - k, D[k:n]), MTH(D[:k])]


def PROOF(m: int, D: list[bytes]) -> list[bytes]:
    """The consistency proof for the first m entries, 0 < m."""
    return SUBPROOF(m, D, True)


def SUBPROOF(m: int, D: list[bytes], b: bool) -> list[bytes]:
    """The part of it in one subtree; b says whether the subtree is the one whose hash is known."""
    n = len(D)
    if m == n:
        return [] if b else [MTH(D)]
    k = _k(n)
    if m <= k:
        return [*SUBPROOF(m, D[:k], b), MTH(D[k:n])]
    return [*SUBPROOF(m - k, D[k:n], False), MTH(D[:k])]


def _k(n: int) -> int:
    """The largest power of two smaller than n."""
    k = 1
    while k * 2 < n:
        k *= 2
    return k
