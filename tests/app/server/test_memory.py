"""The process keeps freed memory for the next search."""

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


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has this option")
def test_an_array_reuses_the_memory_of_the_one_before() -> None:
    command = [sys.executable, "-c", AGAIN]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    # Without reuse, the ten arrays of 20 MB would cause 50,000 page faults.
    assert int(done.stdout) < 1000
