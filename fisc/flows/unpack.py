"""Archives: every file inside a ZIP is a document of its own, in whatever encoding its name was written."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from urllib.parse import quote

from fisc.errors import DocumentError
from fisc.flows.formats import ZIP, format_of

MB = 1_000_000
_NO_DOCUMENTS = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")
_UTF8_NAME = 0x800
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Allowance:
    """What an archive may hold: files, bytes of one and of all, archives inside archives, and how much smaller than
    its content a large member may be packed (text packs to a tenth, a bomb to a thousandth)."""

    members: int = 2_000
    member_size: int = 200 * MB
    size: int = 500 * MB
    depth: int = 3
    ratio: int = 200


@dataclass(frozen=True, slots=True)
class Member:
    """A file out of an archive. ``path`` leads to it: names joined by ``/``, archives on the way by ``!/``."""

    path: str
    content: bytes

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


@dataclass(slots=True)
class Unpacked:
    """What came out of an archive, in its order, and what did not and why, a sentence each."""

    members: list[Member] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    size: int = 0


def unpack(content: bytes, allowed: Allowance = Allowance()) -> Unpacked:
    """All files of a ZIP, also those of ZIPs inside it. Never raises: what cannot be taken is ``refused`` with the
    reason (``encrypted``, ``archive_bomb``, ``archive_broken``) and what stands where."""
    unpacked = Unpacked()
    _unpack(content, "", allowed, 0, unpacked)
    if not unpacked.members and not unpacked.refused:
        unpacked.refused.append(("archive_empty", "holds no file"))
    return unpacked


def refuse_archive(name: str, content: bytes) -> None:
    """Raises :class:`DocumentError` for an archive of which something could not be taken."""
    refused = unpack(content).refused
    if refused:
        said = "; ".join(sentence for _, sentence in refused[:5])
        raise DocumentError(
            refused[0][0],
            f"{name} is an archive that {said}; the archive is kept, whatever else it holds was taken, and the "
            "publisher should be asked for an open one.",
        )


def member_url(url: str, path: str) -> str:
    """The address of a member: that of its archive with the way to it behind a ``#``, which no server is ever sent."""
    return f"{url}#{quote(path, safe='/!')}"


def archive_url(url: str) -> str:
    """The address that can be asked for: that of the archive for a member."""
    return url.partition("#")[0]


def _unpack(content: bytes, before: str, allowed: Allowance, depth: int, into: Unpacked) -> None:
    where = before.rstrip("!/") or "the archive"
    if depth > allowed.depth:
        into.refused.append(
            ("archive_bomb", f"holds archives in archives more than {allowed.depth} deep ({where})")
        )
        return
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            _take(packed, before, allowed, depth, into)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError, RuntimeError) as error:
        into.refused.append(("archive_broken", f"cannot be opened ({where}: {error})"))


def _take(packed: zipfile.ZipFile, before: str, allowed: Allowance, depth: int, into: Unpacked) -> None:
    for info in packed.infolist():
        name = member_name(info)
        path = before + name
        if (
            info.is_dir()
            or any(part in name for part in _NO_DOCUMENTS)
            or name.rpartition("/")[2].startswith("~$")
        ):
            continue
        if len(into.members) >= allowed.members:
            into.refused.append(("archive_bomb", f"holds more than {allowed.members} files"))
            return
        content = _read(packed, info, path, allowed, into)
        if content is None:
            continue
        if format_of(content) == ZIP:
            _unpack(content, f"{path}!/", allowed, depth + 1, into)
        elif content:
            into.members.append(Member(path, content))
        else:
            into.refused.append(("archive_broken", f"holds a file of zero bytes ({path})"))


def _read(
    packed: zipfile.ZipFile, info: zipfile.ZipInfo, path: str, allowed: Allowance, into: Unpacked
) -> bytes | None:
    """A member's bytes, unpacked piece by piece so that a bomb stays small, whatever size it announces."""
    if info.flag_bits & 0x1:
        into.refused.append(("encrypted", f"wants a password for {path}"))
        return None
    most = min(
        allowed.member_size, allowed.size - into.size, max(10 * MB, info.compress_size * allowed.ratio)
    )
    content = bytearray()
    try:
        for piece in _pieces(packed, info):
            content += piece
            if len(content) > most:
                into.refused.append(("archive_bomb", f"unpacks to more than {most / MB:,.0f} MB at {path}"))
                return None
    except (
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
    ) as error:
        into.refused.append(("archive_broken", f"is damaged at {path} ({error})"))
        return None
    into.size += len(content)
    return bytes(content)


def _pieces(packed: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    with packed.open(info) as file:
        while piece := file.read(_PIECE):
            yield piece


def member_name(info: zipfile.ZipInfo) -> str:
    """A member's name as it was meant: UTF-8 where it says so or is it, else GBK; without leading dots and slashes."""
    if info.flag_bits & _UTF8_NAME:
        name = info.filename
    else:
        raw = info.orig_filename.encode("cp437", "replace")
        try:
            name = raw.decode("utf-8")
        except UnicodeDecodeError:
            name = raw.decode("gb18030", "replace")
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    return "/".join(parts) or "unnamed"
