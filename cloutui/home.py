"""Where one installation's files are, and who owns them. Loads little: the console begins here."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import sleep

from cloutui.errors import Broken, Busy

_LOOKS, _BETWEEN_S = 2, 0.01


@dataclass(frozen=True, slots=True)
class Home:
    """Where one installation's files are."""

    config_dir: Path
    data_dir: Path

    @classmethod
    def at(cls, folder: Path | None) -> Home:
        """Everything in one folder, or where the platform wants it."""
        if folder is not None:
            return cls(folder.absolute(), folder.absolute())
        import platformdirs

        return cls(platformdirs.user_config_path("cloutui"), platformdirs.user_data_path("cloutui"))

    @property
    def config_file(self) -> Path:
        """The YAML file; it need not exist."""
        return self.config_dir / "config.yaml"

    @property
    def records_file(self) -> Path:
        """What people decided."""
        return self.data_dir / "records.sqlite"

    @property
    def history(self) -> Path:
        """The folder of frozen reports."""
        return self.data_dir / "history"

    @property
    def lock_file(self) -> Path:
        """Held by the one process that owns the files."""
        return self.data_dir / "owner.lock"

    @property
    def known_hosts(self) -> Path:
        """Host keys that were accepted here, in OpenSSH's format."""
        return self.data_dir / "known_hosts"

    @property
    def host_key(self) -> Path:
        """By which users recognise `cloutui serve`; made when it is first needed."""
        return self.data_dir / "ssh_host_ed25519_key"

    @property
    def socket(self) -> Path:
        """Where the owner of the files listens for others on this host."""
        return self.data_dir / "owner.socket"

    @property
    def log_file(self) -> Path:
        """What went wrong, for the maintainers."""
        return self.data_dir / "cloutui.log"

    def prepare(self) -> None:
        """Make the folders, for the owner's eyes only. Raises: Broken."""
        for folder in (self.config_dir, self.data_dir):
            try:
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            except OSError as error:
                raise Broken(
                    f"{folder} cannot be used: {error.strerror}.", hint="Check whose it is, or give another --home."
                ) from error


class Ownership:
    """The files of a home belong to one process at a time. Held until `release`, or until the process ends."""

    def __init__(self, home: Home) -> None:
        """Raises: Busy, with the owner's process id."""
        self._file = os.open(home.lock_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            _lock(self._file)
        except BlockingIOError:
            owner = os.read(self._file, 20).decode("ascii", "replace").strip()
            os.close(self._file)
            raise Busy(str(home.data_dir), int(owner) if owner.isdigit() else None) from None
        said = f"{os.getpid()}\n".encode()
        os.pwrite(self._file, said, 0)
        # Not to nothing first: for what was emptied some file systems wait for the disk.
        os.truncate(self._file, len(said))

    @staticmethod
    def is_taken(home: Home) -> bool:
        """Whether a process has the files now. Makes nothing."""
        try:
            file = os.open(home.lock_file, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return False  # opening will tell
        try:
            _lock(file)
        except OSError as error:
            return isinstance(error, BlockingIOError)
        finally:
            os.close(file)
        return False

    def release(self) -> None:
        """Let another process have the files."""
        os.close(self._file)


def _lock(file: int) -> None:
    """Raises: BlockingIOError. Somebody who only looks whether it is free has it for a moment: we look again."""
    import fcntl

    for _ in range(_LOOKS):
        with suppress(BlockingIOError):
            return fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        sleep(_BETWEEN_S)
    return fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def short_path(path: Path) -> Iterator[str]:
    """The same file, named by its folder: the path of a socket may have a hundred characters only. Raises: OSError."""
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
