"""What WeCom signs and encrypts: what is ours is read, everything else is turned away, and nothing is told of it."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher as BlockCipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from bot.channels.wecom.crypto import (
    MAX_DEPTH,
    MAX_XML,
    BadCallback,
    Cipher,
    Guard,
    decrypt_file,
    parse_xml,
)

TOKEN, KEY, CORP = "tok3n", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "ww1234567890abcdef"
RANDOM = b"0123456789abcdef"
NOW = datetime(2025, 1, 1, tzinfo=UTC)
STAMP, NONCE = "1735689600", "n0nce"


@pytest.fixture
def cipher() -> Cipher:
    return Cipher(TOKEN, KEY, CORP)


def sealed(whole: bytes, fill: bytes | None = None, key: str = KEY) -> bytes:
    """Encrypt bytes as they are, with any filling."""
    secret = base64.b64decode(key + "=")
    rest = 32 - len(whole) % 32
    encryptor = BlockCipher(AES(secret), CBC(secret[:16])).encryptor()
    return encryptor.update(whole + (bytes([rest]) * rest if fill is None else fill)) + encryptor.finalize()


def text_of(whole: bytes, fill: bytes | None = None) -> str:
    return base64.b64encode(sealed(whole, fill)).decode()


def laid_out(text: bytes, receiver: str = CORP, length: int | None = None) -> bytes:
    return RANDOM + (len(text) if length is None else length).to_bytes(4, "big") + text + receiver.encode()


# ---------------------------------------------------------------- texts


@pytest.mark.parametrize("receiver", [CORP, ""])
@pytest.mark.parametrize(
    "text", ["", "收到", "🟢👨‍👩‍👧", "督" * 5000, "<xml><A>1</A></xml>", *("a" * n for n in range(1, 34))]
)
def test_what_is_encrypted_is_read_again(text: str, receiver: str) -> None:
    cipher = Cipher(TOKEN, KEY, receiver)
    encrypted = cipher.encrypt(text)
    assert cipher.decrypt(encrypted) == text
    assert cipher.encrypt(text) != encrypted


@pytest.mark.parametrize(
    ("text", "receiver", "encrypted", "signature"),
    [
        ("", CORP, "Q3stYC6hdFzMh9T8HCvyDCCNKxJl7ibrhDUn2pONXv5znr7Kj7D/QP9qwdpa9YWe+M4sMqTgvs3PaEp46fR/yA==",
         "7ea2976c08009f37277595d8387b52a712028bf9"),
        ("🟢收到", "", "Q3stYC6hdFzMh9T8HCvyDFbf8jQ+K63yXmqWQD6j1bQ=", "36918eca155a330512643f392d69aac73d6919cf"),
        ("<xml><A>1</A></xml>", CORP,
         "Q3stYC6hdFzMh9T8HCvyDJatpvLhfy9s8l+X+yRGMWe/RGAMXBr1cla0i/pp53mgblxMr7N69uI9Zn3YqGoHoQ==",
         "91eca77c713d154f8f5227e7a63064216ddeb57e"),
    ],
)  # fmt: skip
def test_it_is_what_the_services_own_library_makes(text: str, receiver: str, encrypted: str, signature: str) -> None:
    """Made with @wecom/crypto 1.0.1, the platform's own package."""
    cipher = Cipher(TOKEN, KEY, receiver)
    assert cipher.encrypt(text, RANDOM) == encrypted
    assert cipher.decrypt(encrypted) == text
    assert cipher.sign(STAMP, NONCE, encrypted) == signature
    assert cipher.verify(signature, STAMP, NONCE, encrypted)


@pytest.mark.parametrize(
    ("fill", "what"),
    [
        (b"\0" * 32, "zero"),
        (b"\x21" * 33 + b"\0" * 30 + b"\x21", "more than 32"),
        (b"\x05\x04\x05\x05\x05" + b"\x05" * 27 + b"\xff", "255"),
        (b"\x07\x07\x07\x06\x07\x07\x07", "one byte that differs"),
        (b"\x20" * 31, "fewer than it says"),
    ],
)
def test_a_wrong_padding_is_turned_away(cipher: Cipher, fill: bytes, what: str) -> None:
    text = b"a" * ((16 - (len(laid_out(b"")) + len(fill)) % 16) % 16)
    with pytest.raises(BadCallback, match=r"^wrong padding$"):
        cipher.decrypt(text_of(laid_out(text), fill))


def test_a_padding_that_is_more_than_there_is_is_turned_away(cipher: Cipher) -> None:
    with pytest.raises(BadCallback, match=r"^wrong padding$"):
        cipher.decrypt(text_of(b"", b"\x20" * 16))


@pytest.mark.parametrize("receiver", ["", "ww1234567890abcde", "ww1234567890abcdef0", "WW1234567890ABCDEF"])
def test_what_is_for_somebody_else_is_turned_away(cipher: Cipher, receiver: str) -> None:
    with pytest.raises(BadCallback, match=r"^for somebody else$"):
        cipher.decrypt(Cipher(TOKEN, KEY, receiver).encrypt("收到"))


def test_who_hears_for_nobody_takes_nothing_that_is_for_somebody() -> None:
    with pytest.raises(BadCallback):
        Cipher(TOKEN, KEY, "").decrypt(Cipher(TOKEN, KEY, CORP).encrypt("收到"))


@pytest.mark.parametrize("length", [7 + len(CORP), 1 << 31, (1 << 32) - 1])
def test_a_length_outside_of_the_text_is_turned_away(cipher: Cipher, length: int) -> None:
    with pytest.raises(BadCallback, match=r"^wrong length$"):
        cipher.decrypt(text_of(laid_out("收到".encode(), length=length)))


@pytest.mark.parametrize("length", [0, 5, 7])
def test_a_length_that_cuts_the_text_leaves_a_wrong_receiver(cipher: Cipher, length: int) -> None:
    with pytest.raises(BadCallback, match=r"^for somebody else$"):
        cipher.decrypt(text_of(laid_out("收到".encode(), length=length)))


def test_a_text_without_its_length_is_turned_away() -> None:
    with pytest.raises(BadCallback, match=r"^wrong length$"):
        Cipher(TOKEN, KEY, "").decrypt(text_of(RANDOM + b"\0\0"))


@pytest.mark.parametrize(
    ("encrypted", "why"),
    [("", "not whole blocks"), ("收到", "not base64"), ("ab$=", "not base64"), ("YWJj", "not whole blocks"), ("YWJ", "not base64"),
     (base64.b64encode(b"a" * 40).decode(), "not whole blocks"), (base64.b64encode(b"a" * 48).decode(), "wrong padding")],
)  # fmt: skip
def test_what_is_no_encrypted_text_is_turned_away(cipher: Cipher, encrypted: str, why: str) -> None:
    with pytest.raises(BadCallback, match=f"^{why}$"):
        cipher.decrypt(encrypted)


def test_a_text_that_is_not_utf8_is_turned_away(cipher: Cipher) -> None:
    with pytest.raises(BadCallback, match=r"^not UTF-8$"):
        cipher.decrypt(text_of(laid_out(b"\xff\xfe")))


@pytest.mark.parametrize("key", ["", KEY[:-1], KEY + "A", KEY + "=", KEY[:-1] + "$", "督" * 43])
def test_a_key_that_is_none_is_refused_and_not_repeated(key: str) -> None:
    with pytest.raises(ValueError, match="not") as failed:
        Cipher(TOKEN, key, CORP)
    assert not key or key not in str(failed.value)


# ---------------------------------------------------------------- calls


class Counting(Cipher):
    """Counts how often anything is decrypted."""

    count = 0

    def decrypt(self, encrypted: str) -> str:
        self.count += 1
        return super().decrypt(encrypted)


@pytest.fixture
def counting() -> Counting:
    return Counting(TOKEN, KEY, CORP)


def signed(cipher: Cipher, encrypted: str, stamp: str = STAMP, nonce: str = NONCE) -> dict[str, str]:
    return {"msg_signature": cipher.sign(stamp, nonce, encrypted), "timestamp": stamp, "nonce": nonce}


def test_a_call_that_is_signed_is_let_in(counting: Counting) -> None:
    encrypted = counting.encrypt("收到")
    assert Guard(counting).open(signed(counting, encrypted), encrypted, NOW) == "收到"


@pytest.mark.parametrize(
    "change",
    [
        {"msg_signature": ""}, {"msg_signature": "0" * 40}, {"msg_signature": "收到"}, {"msg_signature": "\udcff"},
        {"nonce": "n0nc3"}, {"nonce": ""}, {"timestamp": "1735689601"}, {"timestamp": ""}, {"timestamp": "\udcff"},
    ],
)  # fmt: skip
def test_a_wrong_signature_is_turned_away_and_nothing_is_decrypted(counting: Counting, change: dict[str, str]) -> None:
    encrypted = counting.encrypt("收到")
    with pytest.raises(BadCallback, match=r"^wrong signature$"):
        Guard(counting).open(signed(counting, encrypted) | change, encrypted, NOW)
    assert counting.count == 0


def test_a_signature_that_is_wrong_in_one_bit_is_turned_away_and_nothing_is_decrypted(counting: Counting) -> None:
    guard, encrypted = Guard(counting), counting.encrypt("收到")
    query = signed(counting, encrypted)
    right = int(query["msg_signature"], 16)
    for bit in range(160):
        with pytest.raises(BadCallback, match=r"^wrong signature$"):
            guard.open(query | {"msg_signature": f"{right ^ (1 << bit):040x}"}, encrypted, NOW)
    assert counting.count == 0
    assert guard.open(query, encrypted, NOW) == "收到"


def test_a_text_that_is_wrong_in_one_bit_is_turned_away_and_nothing_is_decrypted(counting: Counting) -> None:
    encrypted = counting.encrypt("收到")
    content = base64.b64decode(encrypted)
    for bit in range(8 * len(content)):
        flipped = (int.from_bytes(content, "big") ^ (1 << bit)).to_bytes(len(content), "big")
        with pytest.raises(BadCallback, match=r"^wrong signature$"):
            Guard(counting).open(signed(counting, encrypted), base64.b64encode(flipped).decode(), NOW)
    assert counting.count == 0


def test_a_call_without_a_signature_is_turned_away_and_nothing_is_decrypted(counting: Counting) -> None:
    for encrypted in (counting.encrypt("收到"), ""):
        with pytest.raises(BadCallback, match=r"^wrong signature$"):
            Guard(counting).open({}, encrypted, NOW)
    assert counting.count == 0


def test_a_signature_with_another_token_or_of_another_text_is_wrong(counting: Counting) -> None:
    encrypted, other = counting.encrypt("收到"), counting.encrypt("办结")
    stranger = Cipher("tok4n", KEY, CORP)
    assert not counting.verify(stranger.sign(STAMP, NONCE, encrypted), STAMP, NONCE, encrypted)
    assert not counting.verify(counting.sign(STAMP, NONCE, encrypted), STAMP, NONCE, other)
    assert not counting.verify(counting.sign(STAMP, NONCE, encrypted).upper(), STAMP, NONCE, encrypted)


@pytest.mark.parametrize("seconds", [-301, 301, -86400, 86400])
def test_a_call_of_another_time_is_turned_away_and_nothing_is_decrypted(counting: Counting, seconds: int) -> None:
    encrypted = counting.encrypt("收到")
    with pytest.raises(BadCallback, match=r"^wrong time$"):
        Guard(counting).open(signed(counting, encrypted), encrypted, NOW + timedelta(seconds=seconds))
    assert counting.count == 0


@pytest.mark.parametrize("seconds", [-300, 0, 300])
def test_the_window_is_five_minutes_either_way(counting: Counting, seconds: int) -> None:
    encrypted = counting.encrypt("收到")
    assert Guard(counting).open(signed(counting, encrypted), encrypted, NOW + timedelta(seconds=seconds)) == "收到"


@pytest.mark.parametrize("stamp", ["", "-1", "1735689600.0", " 1735689600", "1e9", "١٧٣٥٦٨٩٦٠٠", "9" * 4000])
def test_a_time_that_is_no_number_is_turned_away(counting: Counting, stamp: str) -> None:
    encrypted = counting.encrypt("收到")
    with pytest.raises(BadCallback, match=r"^wrong time$"):
        Guard(counting).open(signed(counting, encrypted, stamp), encrypted, NOW)


def test_the_same_call_is_let_in_once(counting: Counting) -> None:
    guard, encrypted = Guard(counting), counting.encrypt("收到")
    query = signed(counting, encrypted)
    guard.open(query, encrypted, NOW)
    for later in (0, 1, 300):
        with pytest.raises(BadCallback, match=r"^seen before$"):
            guard.open(query, encrypted, NOW + timedelta(seconds=later))
    assert counting.count == 1
    assert guard.open(signed(counting, encrypted, nonce="another"), encrypted, NOW) == "收到"


def test_a_call_from_the_future_is_remembered_until_its_own_time_is_over(counting: Counting) -> None:
    guard, encrypted = Guard(counting), counting.encrypt("收到")
    query = signed(counting, encrypted)
    guard.open(query, encrypted, NOW - timedelta(seconds=300))
    with pytest.raises(BadCallback, match=r"^seen before$"):
        guard.open(query, encrypted, NOW + timedelta(seconds=300))


def test_a_call_that_could_not_be_handled_may_come_again(counting: Counting) -> None:
    guard, encrypted = Guard(counting), counting.encrypt("收到")
    query = signed(counting, encrypted)
    guard.open(query, encrypted, NOW)
    guard.forget(query)
    assert guard.open(query, encrypted, NOW) == "收到"
    guard.forget({})


def test_what_is_remembered_is_bounded_and_forgotten_with_the_window(counting: Counting) -> None:
    guard, encrypted = Guard(counting, remembered=3), counting.encrypt("收到")

    def call(nonce: str, seconds: int = 0) -> None:
        stamp = str(int(STAMP) + seconds)
        guard.open(signed(counting, encrypted, stamp, nonce), encrypted, NOW + timedelta(seconds=seconds))

    for number in range(5):
        call(f"n{number}")
    assert len(guard._seen) == 3
    for kept in ("n3", "n4"):
        with pytest.raises(BadCallback, match=r"^seen before$"):
            call(kept)
    call("late", seconds=601)
    assert len(guard._seen) == 1


def test_a_stranger_fills_no_memory(counting: Counting) -> None:
    guard = Guard(counting)
    for number in range(100):
        with pytest.raises(BadCallback):
            guard.open({"msg_signature": f"{number:040}", "timestamp": STAMP, "nonce": NONCE}, "YWJj", NOW)
    assert guard._seen == {}


def test_neither_key_nor_text_is_in_any_error(counting: Counting) -> None:
    broken = [
        text_of(laid_out("机密".encode(), receiver="wwOther")),
        text_of(laid_out(b"\xff")),
        text_of(b"", b"\x20" * 16),
        "YWJj",
    ]
    for encrypted in broken:
        with pytest.raises(BadCallback) as failed:
            counting.decrypt(encrypted)
        said = f"{failed.value!r} {counting!r} {failed.value.__cause__!r} {failed.value.__context__!r}"
        assert not [secret for secret in (TOKEN, KEY, CORP, "机密", "wwOther") if secret in said]


# ---------------------------------------------------------------- files


@pytest.mark.parametrize("ending", ["", "="])
@pytest.mark.parametrize("content", [b"", b"a", b"a" * 31, b"a" * 32, bytes(range(256)) * 500])
def test_a_file_is_read_with_a_key_of_43_or_44_signs(content: bytes, ending: str) -> None:
    assert decrypt_file(sealed(content), KEY + ending) == content


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", KEY), (b"a" * 15, KEY), (b"a" * 33, KEY), (b"a" * 32, KEY), (sealed(b"a", b"\0" * 31), KEY),
        (sealed(b"a"), KEY[:-1]), (sealed(b"a"), ""), (sealed(b"a"), "收到"), (sealed(b"a"), KEY + "$"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_an_error_without_its_key(content: bytes, key: str) -> None:
    with pytest.raises(ValueError, match=r"^(not|wrong) ") as failed:
        decrypt_file(content, key)
    assert not key or key not in str(failed.value)


# ---------------------------------------------------------------- XML


@pytest.mark.parametrize(
    ("body", "read"),
    [
        ("<xml><A>1</A><B><![CDATA[<b>&amp;</b>]]></B></xml>", {"A": "1", "B": "<b>&amp;</b>"}),
        ("<xml><A>a &amp; b &#30563;</A><E/></xml>", {"A": "a & b 督", "E": ""}),
        ("<xml><S><I><Q>1</Q></I><I><Q>2</Q></I></S></xml>", {"S": {"I": [{"Q": "1"}, {"Q": "2"}]}}),
        ("<xml><O>a</O><O>b</O><O>c</O></xml>", {"O": ["a", "b", "c"]}),
        ('\ufeff<?xml version="1.0" encoding="GBK"?>\n<xml><A>督</A></xml>', {"A": "督"}),
        ("<xml>\n  <A>1</A>\n  <!-- B -->\n</xml>\n", {"A": "1"}),
        ("<xml/>", {}),
    ],
)
def test_xml_is_read_as_texts_and_dicts(body: str, read: dict[str, Any]) -> None:
    assert parse_xml(body) == read
    assert parse_xml(body.encode()) == read


def test_words_that_look_like_a_dtd_are_words() -> None:
    words = '<!DOCTYPE html><!ENTITY a "b">'
    assert parse_xml(f"<xml><Content><![CDATA[{words}]]></Content></xml>") == {"Content": words}


BOMB = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    "body",
    [
        "<!DOCTYPE xml><xml><A>1</A></xml>",
        '<?xml version="1.0"?><!DOCTYPE xml SYSTEM "http://127.0.0.1/a.dtd"><xml><A>1</A></xml>',
        '<!DOCTYPE xml [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><A>&a;</A></xml>',
        f'<!DOCTYPE xml [<!ENTITY l0 "lol">{BOMB}]><xml><A>&l9;</A></xml>',
        '<!--x--><!DOCTYPE xml [<!ENTITY a "b">]><xml><A>&a;</A></xml>',
        '<?x y?><!DOCTYPE xml [<!ENTITY a "b">]><xml><A>&a;</A></xml>',
        '<xml><!DOCTYPE xml [<!ENTITY a "b">]><A>&a;</A></xml>',
        '<xml/><!DOCTYPE xml [<!ENTITY a "b">]>',
        "<xml><A>&a;</A></xml>",
        '<!doctype xml [<!ENTITY a "b">]><xml><A>&a;</A></xml>',
    ],
)
def test_a_dtd_or_an_entity_is_turned_away(body: str) -> None:
    for spelt in (body, body.encode(), body.encode("utf-16"), b"\xef\xbb\xbf" + body.encode()):
        with pytest.raises(BadCallback):
            parse_xml(spelt)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "  ",
        "{}",
        "<",
        "<xml>",
        "<xml><A></xml>",
        "text<xml/>",
        "<xml/><xml/>",
        b"\xff<xml/>",
        "<xml>\x00</xml>",
        "\udcff",
    ],
)
def test_what_is_no_xml_is_turned_away(body: str | bytes) -> None:
    with pytest.raises(BadCallback):
        parse_xml(body)


def test_xml_that_is_too_large_or_too_deep_is_turned_away() -> None:
    assert parse_xml(f"<xml><A>{'a' * (MAX_XML - 18)}</A></xml>")["A"].startswith("a")
    with pytest.raises(BadCallback, match="too large"):
        parse_xml(f"<xml><A>{'a' * (MAX_XML - 17)}</A></xml>")
    with pytest.raises(BadCallback, match="too large"):
        parse_xml("督" * (MAX_XML // 2))
    assert parse_xml("<a>" * MAX_DEPTH + "</a>" * MAX_DEPTH)
    with pytest.raises(BadCallback, match="too deep"):
        parse_xml("<a>" * (MAX_DEPTH + 1) + "</a>" * (MAX_DEPTH + 1))
    with pytest.raises(BadCallback):
        parse_xml("<a>" * 100_000)


@pytest.mark.parametrize(
    "body", [" " * (MAX_XML - 1), "<?xml " + "?" * (MAX_XML - 10), "\ufeff" + "\n" * 900_000 + "<!"]
)
def test_no_beginning_costs_more_than_its_length(body: str) -> None:
    with pytest.raises(BadCallback, match="begin with an element"):
        parse_xml(body)
