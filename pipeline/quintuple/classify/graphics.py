"""Runs the network on a graphics card: PyTorch, in half precision, from the model's float weights."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from quintuple.events import ModelError, SettingsError

#: The file with the weights; a wheel ships the int8 file alone, a checkout has both.
WEIGHTS = "model.safetensors"


class GraphicsBackend:
    """The network on a device of PyTorch; safe to call from several threads."""

    def __init__(self, folder: Path, *, device: str) -> None:
        """Load the weights of a model folder onto a device such as ``cuda``.

        Raises:
            SettingsError: torch or transformers are missing, or the device is.
            ModelError: the folder has no weights, or they do not fit.
        """
        try:
            import torch
            from transformers import AutoModelForTokenClassification
            from transformers.utils.logging import disable_progress_bar
        except ModuleNotFoundError as exc:
            raise SettingsError(
                f"classify.device: expected the extra [train] for {device!r}, got no {exc.name}: "
                "pip install 'quintuple[train]'"
            ) from exc
        if device == "cuda" and not torch.cuda.is_available():
            raise SettingsError("classify.device: expected a graphics card for 'cuda', got none that PyTorch can use")
        if not (folder / WEIGHTS).is_file():
            raise ModelError(f"{folder / WEIGHTS}: expected the float weights, which 'cuda' needs, got no such file")
        self._torch, self._device = torch, torch.device(device)
        self._kind = torch.float16 if device == "cuda" else torch.float32
        make: Any = AutoModelForTokenClassification
        disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            network = make.from_pretrained(folder, dtype=self._kind, local_files_only=True)
        except (OSError, ValueError, RuntimeError) as exc:
            raise ModelError(f"{folder}: expected the weights of a token classifier, got: {exc}") from exc
        self._network = network.eval().to(self._device)

    def logits(self, ids: npt.NDArray[np.int64], mask: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        """Return logits of shape (batch, length, tags) for ids and mask of shape (batch, length)."""
        with self._torch.inference_mode():
            given = [self._torch.from_numpy(each).to(self._device) for each in (ids, mask)]
            found: npt.NDArray[np.float32] = self._network(*given).logits.float().cpu().numpy()
        return found
