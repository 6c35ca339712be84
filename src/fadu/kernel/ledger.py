"""The chained ledger: how an entry is written down, sealed, and checked.

Serialisation: JSON, UTF-8, keys sorted, no spaces, non-ASCII as it is, numbers in their shortest form, no NaN.
Digest: H(previous digest in hex + newline + serialised entry); the first entry of a case follows an empty digest.
The algorithm id stands beside each digest, so a city may change from SHA-256 to SM3 (GB/T 32905) at any entry.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives import hashes

SHA256, SM3 = "sha256", "sm3"
DEFAULT_ALGORITHM = SHA256


def _sm3(content: bytes) -> str:
    digest = hashes.Hash(hashes.SM3())
    digest.update(content)
    return digest.finalize().hex()


_ALGORITHMS: Mapping[str, Callable[[bytes], str]] = {
    SHA256: lambda content: hashlib.sha256(content).hexdigest(),
    SM3: _sm3,
}


def canonical(body: Mapping[str, Any]) -> str:
    """The one text of an entry that is hashed and stored."""
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def seal(previous: str, text: str, algorithm: str = DEFAULT_ALGORITHM) -> str:
    """The digest (hex) that chains a serialised entry to the one before."""
    return _ALGORITHMS[algorithm](f"{previous}\n{text}".encode(errors="surrogatepass"))


def digest(value: Any, algorithm: str = DEFAULT_ALGORITHM) -> str:
    """The digest of any value of a case; a stored document is known by the digest of its content."""
    if isinstance(value, dict) and "sha256" in value:
        return str(value["sha256"])
    return _ALGORITHMS[algorithm](json.dumps(value, ensure_ascii=False, sort_keys=True).encode())


@dataclass(frozen=True, slots=True)
class Sealed:
    """One stored entry as the verifier sees it."""

    seq: int
    text: str
    digest: str
    algorithm: str


def chain_fault(entries: Iterable[Sealed], head: str | None = None) -> str | None:
    """The first break in a case's chain (a changed, missing or reordered entry), or None.

    Whoever shortens a chain at its end, or forges all of it, is found by `head`, the digest of the last entry that is
    kept beside the case (or was handed out, printed or published before).
    """
    previous, expected = "", 1
    for entry in entries:
        if entry.seq != expected:
            return f"entry {expected} is missing (found {entry.seq})"
        if entry.algorithm not in _ALGORITHMS:
            return f"entry {entry.seq} names the unknown algorithm '{entry.algorithm}'"
        if seal(previous, entry.text, entry.algorithm) != entry.digest:
            return f"entry {entry.seq} does not match its digest"
        said = _seq_in(entry.text)
        if said != entry.seq:
            return f"entry {entry.seq} says it is entry {said}"
        previous, expected = entry.digest, expected + 1
    if head is not None and previous != head:
        return f"the last entry found ({expected - 1}) is not the last one written"
    return None


def _seq_in(text: str) -> Any:
    try:
        body = json.loads(text)
    except ValueError:
        return None
    return body.get("seq") if isinstance(body, dict) else None
