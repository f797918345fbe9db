"""What WeCom signs and encrypts: calls to our address (90930, 90968), files of the AI bot (100719).

A text is AES-256-CBC of 16 random bytes, its length in four bytes, itself and whom it is for, filled up to 32 bytes.
Nothing here ever says what a key is, nor what was decrypted.
"""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher as BlockCipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from lxml import etree

from bot.channels.wecom.cards import Frame

BLOCK, FILL = 16, 32
"""Bytes of the cipher's block, and of what a plain text is filled up to."""

RANDOM, LENGTH = 16, 4
"""Bytes before a text: random ones, then its length."""

WINDOW = 300
"""Seconds that a call's time may differ from ours, either way; ours, the service names none."""

REMEMBERED = 1 << 16
"""Calls that are remembered at most: a hundred a second for all the time that their times are good."""

MAX_XML, MAX_DEPTH = 1024 * 1024, 16
"""Bytes of the largest XML that is read, and how deep its elements may stand in each other."""


class BadCallback(Exception):
    """A call is not the service's, or cannot be read; the message is a short reason without anything of the call."""


class Cipher:
    """Signs, encrypts and decrypts what goes between the service and one receiver."""

    def __init__(self, token: str, aes_key43: str, receiver: str) -> None:
        """``receiver`` is whom texts are for: the corporation's id for an application, nobody (``""``) for an AI bot.

        Raise ``ValueError`` where the key is not 43 signs of base64.
        """
        if len(aes_key43) != 43:
            raise ValueError("not 43 signs")
        self._token, self._receiver, self._key = token, receiver.encode(), _key(aes_key43)

    def sign(self, timestamp: str, nonce: str, encrypted: str) -> str:
        """Return the signature of an encrypted text: SHA-1 of it, the time, the nonce and the token, sorted."""
        parts = sorted([self._token, timestamp, nonce, encrypted])
        return hashlib.sha1("".join(parts).encode("utf-8", "replace"), usedforsecurity=False).hexdigest()

    def verify(self, signature: str, timestamp: str, nonce: str, encrypted: str) -> bool:
        """Tell in constant time whether the signature is right."""
        right = self.sign(timestamp, nonce, encrypted)
        return hmac.compare_digest(right.encode(), signature.encode("utf-8", "replace"))

    def encrypt(self, plain: str, random16: bytes | None = None) -> str:
        """Return ``plain`` encrypted; ``random16`` are the 16 bytes before it, random where not given."""
        text = plain.encode()
        start = random16 if random16 is not None else secrets.token_bytes(RANDOM)
        whole = start + len(text).to_bytes(LENGTH, "big") + text + self._receiver
        fill = FILL - len(whole) % FILL
        encryptor = BlockCipher(AES(self._key), CBC(self._key[:BLOCK])).encryptor()
        return base64.b64encode(encryptor.update(whole + bytes([fill]) * fill) + encryptor.finalize()).decode()

    def decrypt(self, encrypted: str) -> str:
        """Return the plain text, which must be for us and whole; raise ``BadCallback``."""
        try:
            content = base64.b64decode(encrypted, validate=True)
        except ValueError:
            raise BadCallback("not base64") from None
        try:
            whole = _decrypt(self._key, content)
        except ValueError as error:
            raise BadCallback(str(error)) from None
        start = RANDOM + LENGTH
        end = start + int.from_bytes(whole[RANDOM:start], "big")
        if end > len(whole):
            raise BadCallback("wrong length")
        if not hmac.compare_digest(whole[end:], self._receiver):
            raise BadCallback("for somebody else")
        try:
            return whole[start:end].decode()
        except UnicodeDecodeError:
            raise BadCallback("not UTF-8") from None


class Guard:
    """Lets calls in that the service signed, now, once."""

    def __init__(self, cipher: Cipher, window: int = WINDOW, remembered: int = REMEMBERED) -> None:
        """``window`` is in seconds; of more than ``remembered`` calls inside it the oldest are forgotten.

        That one of those comes again does no harm: what is said twice is known by its own number.
        """
        self._cipher, self._window, self._most = cipher, window, remembered
        self._seen: dict[str, float] = {}

    def open(self, query: Mapping[str, str], encrypted: str, now: datetime) -> str:
        """Return the plain text of a call: its signature is checked first, then its time, then that it is new.

        ``now`` is the real time, also where the house lives on a virtual clock. Raise ``BadCallback``.
        """
        signature, timestamp = query.get("msg_signature", ""), query.get("timestamp", "")
        if not self._cipher.verify(signature, timestamp, query.get("nonce", ""), encrypted):
            raise BadCallback("wrong signature")
        if not re.fullmatch(r"[0-9]{1,12}", timestamp) or abs(int(timestamp) - now.timestamp()) > self._window:
            raise BadCallback("wrong time")
        self._forget_old(now.timestamp())
        if signature in self._seen:
            raise BadCallback("seen before")
        self._seen[signature] = int(timestamp) + self._window
        return self._cipher.decrypt(encrypted)

    def forget(self, query: Mapping[str, str]) -> None:
        """Let a call come again that could not be handled."""
        self._seen.pop(query.get("msg_signature", ""), None)

    def _forget_old(self, now: float) -> None:
        while self._seen:
            first = next(iter(self._seen))
            if self._seen[first] >= now and len(self._seen) < self._most:
                return
            del self._seen[first]


def decrypt_file(content: bytes, aeskey: str) -> bytes:
    """Return a file's plain bytes; ``aeskey`` came with it, 43 or 44 signs of base64. Raise ``ValueError``."""
    return _decrypt(_key(aeskey), content)


def _key(text: str) -> bytes:
    try:
        key = base64.b64decode(text.rstrip("=") + "=", validate=True)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise ValueError("not a key of 256 bits")
    return key


def _decrypt(key: bytes, content: bytes) -> bytes:
    if not content or len(content) % BLOCK:
        raise ValueError("not whole blocks")
    decryptor = BlockCipher(AES(key), CBC(key[:BLOCK])).decryptor()
    plain = decryptor.update(content) + decryptor.finalize()
    fill = plain[-1]
    if not 1 <= fill <= FILL or plain[-fill:] != bytes([fill]) * fill:
        raise ValueError("wrong padding")
    return plain[:-fill]


# ---------------------------------------------------------------- XML

_PROLOG = re.compile(r"\ufeff?\s*+(<\?xml\s[^<>]*\?>\s*+)?(?=<[A-Za-z_])")
"""All that may stand before the first element: there is no other place for a DTD, and entities live in nothing else."""


def parse_xml(body: bytes | str) -> Frame:
    """Read the children of the outermost element: texts, elements with children as dicts, repeated ones as lists.

    Raise ``BadCallback`` for anything that is not plain, bounded XML in UTF-8 without a DTD.
    """
    try:
        content = body if isinstance(body, bytes) else body.encode()
        text = content.decode() if len(content) <= MAX_XML else None
    except UnicodeError:
        raise BadCallback("XML is not UTF-8") from None
    if text is None:
        raise BadCallback("XML is too large")
    start = _PROLOG.match(text)
    if start is None:
        raise BadCallback("XML does not begin with an element")
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(text[start.end() :].encode(), parser)
    except etree.XMLSyntaxError:
        raise BadCallback("XML is not well-formed") from None
    read = _read(root, MAX_DEPTH)
    return read if isinstance(read, dict) else {}


def _read(element: etree._Element, depth: int) -> Any:
    if depth == 0:
        raise BadCallback("XML is too deep")
    if not len(element):
        return element.text or ""
    read: Frame = {}
    for child in element:
        value, tag = _read(child, depth - 1), str(child.tag)
        if tag not in read:
            read[tag] = value
        elif isinstance(read[tag], list):
            read[tag].append(value)
        else:
            read[tag] = [read[tag], value]
    return read
