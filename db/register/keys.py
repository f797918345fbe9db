"""Numbers of rows that are in the store."""


def id_of(value: int | None) -> int:
    assert value is not None, "flushed rows have an id"
    return value
