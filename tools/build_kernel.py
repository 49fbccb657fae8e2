"""Compile the kernel when the package is built. Without a C compiler, build the package without it.

Hatchling runs this hook for wheels and for editable installs: see its documentation, "Custom build
hook". setuptools knows the compiler of each platform and how to call it.
"""

import os
import shutil
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from setuptools import Distribution, Extension
from setuptools.command.build_ext import build_ext
from setuptools.errors import BaseError, CCompilerError

PACKAGE = "baocha_indexer.kernel"
FOLDER = Path("indexer/baocha_indexer/kernel")
PYTHON = "cp311"
"""The first Python whose stable interface has the buffer protocol."""


class KernelHook(BuildHookInterface):  # type: ignore[type-arg]  # only the plugin's own settings are typed
    """Puts the compiled kernel beside its source and into the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 — hatchling's interface
        """Compile the kernel, and name the wheel after its platform."""
        if self.target_name != "wheel":
            return
        is_supported = sys.byteorder == "little" and sys.maxsize > 1 << 32
        if not is_supported or sys.implementation.name != "cpython":
            return
        try:
            compiled = compile_kernel(Path(self.root))
        except (BaseError, CCompilerError, OSError) as error:
            self.app.display_warning(
                f"The kernel cannot be compiled ({error}). Searches will be slower."
            )
            return
        platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
        build_data["pure_python"] = False
        build_data["tag"] = f"{PYTHON}-abi3-{platform}"
        build_data["artifacts"].append(f"/{compiled.relative_to(self.root).as_posix()}")


def compile_kernel(root: Path) -> Path:
    """Compile `_native.c` and return the library beside it.

    Raises BaseError or CCompilerError of setuptools, or OSError.
    """
    # Without contraction, a compiled sum of products is equal to numpy's, to the last bit.
    flags = [] if sys.platform == "win32" else ["-O2", "-ffp-contract=off"]
    extension = Extension(
        f"{PACKAGE}._native",
        [str(root / FOLDER / "_native.c")],
        extra_compile_args=flags,
        py_limited_api=True,
    )
    with tempfile.TemporaryDirectory() as folder:
        command = build_ext(Distribution({"name": "kernel", "ext_modules": [extension]}))
        command.build_lib = command.build_temp = folder
        command.ensure_finalized()
        command.run()
        (built,) = map(Path, command.get_outputs())
        target = root / FOLDER / built.name
        # Replace the file at once: other processes may have the old one open, or start now.
        fresh = target.with_name(f"_native.{os.getpid()}.tmp")
        try:
            shutil.copyfile(built, fresh)
            fresh.replace(target)
        finally:
            fresh.unlink(missing_ok=True)
    return target
