"""Freed memory is kept for the next search."""

import platform
import subprocess
import sys

import pytest

AGAIN = """
import resource
import numpy as np
from baocha.server.memory import keep_freed_memory

def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt

keep_freed_memory()
np.ones(2_500_000).sum()
before = faults()
for _ in range(10):
    np.ones(2_500_000).sum()
print(faults() - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc is told")
def test_memory_once_fetched_is_not_fetched_again() -> None:
    command = [sys.executable, "-c", AGAIN]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    # Twenty megabytes are five thousand pages.
    assert int(told.stdout) < 1000
