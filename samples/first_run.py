"""The first run: print the sample city's disclosures, serve them on loopback, and harvest them for real.

What ``make harvest`` calls. Everything after the portal is the ordinary ``fisc harvest`` with its defaults.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from samples import demo
from samples.portal import serve, write_source

PORT = 8741
"""Fixed, so that a second run finds the same links and has nothing to fetch."""


def main() -> int:
    """Print, serve, harvest; the exit status of ``fisc harvest``."""
    home = Path(os.environ.get("FISC_HOME", "data"))
    postings = demo.postings()
    print(f"Printed {len(postings)} disclosures of {len(demo.DEPARTMENTS)} invented departments.", flush=True)
    with serve(postings, port=PORT) as portal:
        print(f"Serving them at {portal.start}", flush=True)
        source = write_source(portal, home / "sample-sources")
        fisc = Path(sys.executable).with_name("fisc")
        command = [str(fisc), "harvest", "--source-dir", str(source.parent)]
        return subprocess.run(command, check=False).returncode  # noqa: S603 - our own command, no shell


if __name__ == "__main__":
    sys.exit(main())
