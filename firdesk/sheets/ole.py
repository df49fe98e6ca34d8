"""The streams of an OLE container, the envelope of old Excel files; bounded whatever its tables pretend."""

import struct
from struct import unpack_from

from firdesk.sheets.scan import DamagedError

_LAST_SECTOR = 0xFFFFFFF9
_MINI = 64


def stream(data: bytes, names: tuple[str, ...]) -> bytes | None:
    """The content of the first stream that bears one of ``names``; :class:`DamagedError` if it is cut."""
    try:
        return _Container(data).stream(names)
    except (struct.error, IndexError, ValueError) as error:
        raise DamagedError(str(error)) from error


class _Container:
    def __init__(self, data: bytes) -> None:
        self.data = data
        shift = unpack_from("<H", data, 30)[0]
        if shift not in (9, 12):
            raise DamagedError("sectors of an unknown size")
        self.size = 1 << shift
        self.cutoff = unpack_from("<I", data, 56)[0]
        (self.directory, mini) = unpack_from("<I", data, 48)[0], unpack_from("<I", data, 60)[0]
        self.fat = self._fat()
        self.mini_fat = self._numbers(self._chain(mini))

    def _sector(self, index: int) -> bytes:
        start = (index + 1) * self.size
        found = self.data[start : start + self.size]
        if not found:
            raise DamagedError("a sector beyond the end")
        return found

    @staticmethod
    def _numbers(content: bytes) -> tuple[int, ...]:
        return unpack_from(f"<{len(content) // 4}I", content)

    def _fat(self) -> tuple[int, ...]:
        sectors = list(unpack_from("<109I", self.data, 76))
        following = unpack_from("<I", self.data, 68)[0]
        for _ in range(len(self.data) // self.size):
            if following > _LAST_SECTOR:
                break
            *more, following = self._numbers(self._sector(following))
            sectors += more
        return self._numbers(b"".join(self._sector(s) for s in sectors if s <= _LAST_SECTOR))

    def _chain(self, first: int) -> bytes:
        parts: list[bytes] = []
        while first <= _LAST_SECTOR:
            if len(parts) > len(self.fat):
                raise DamagedError("a chain of sectors that bites its tail")
            parts.append(self._sector(first))
            first = self.fat[first]
        return b"".join(parts)

    def _mini_chain(self, first: int, content: bytes) -> bytes:
        parts: list[bytes] = []
        while first <= _LAST_SECTOR:
            if len(parts) > len(self.mini_fat):
                raise DamagedError("a chain of sectors that bites its tail")
            parts.append(content[first * _MINI : (first + 1) * _MINI])
            first = self.mini_fat[first]
        return b"".join(parts)

    def stream(self, names: tuple[str, ...]) -> bytes | None:
        directory = self._chain(self.directory)
        entries: dict[str, tuple[int, int]] = {}
        for start in range(0, len(directory) - 127, 128):
            length = unpack_from("<H", directory, start + 64)[0]
            title = directory[start : start + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            entries.setdefault(title, unpack_from("<II", directory, start + 116))
        for name in names:
            if name in entries:
                first, size = entries[name]
                if size >= self.cutoff:
                    content = self._chain(first)
                else:
                    root = unpack_from("<I", directory, 116)[0]
                    content = self._mini_chain(first, self._chain(root))
                if len(content) < size:
                    raise DamagedError("a stream without its end")
                return content[:size]
        return None
