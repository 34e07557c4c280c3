"""The engine of a cluster: Ray Data, with actors that each keep a process of the local engine.

A shard is what it is on one machine, so its batches are the same, and so is what comes of it. That an article hangs,
or ends the process that works on it, costs the article alone, as it does there; that an actor or its machine is lost
is Ray's to mend.
"""

from __future__ import annotations

import logging
import os
import pickle
from collections.abc import Generator, Sequence
from dataclasses import replace
from typing import Any

from quintuple.batch.engines.local import LocalEngine
from quintuple.batch.engines.worker import WorkerConfig
from quintuple.batch.shards import Shard, ShardResult
from quintuple.classify.graphics import WEIGHTS
from quintuple.events import QuintupleError, RunError, SettingsError
from quintuple.resources import model_path
from quintuple.settings import Settings

# Bytes of the store of a Ray that is started here; results pass through it, a megabyte or so for each actor.
_STORE = 512 * 2**20


class RayEngine:
    """Extracts shards on the actors of a Ray cluster; use it with ``contextlib.closing``."""

    def __init__(self, config: WorkerConfig, *, address: str | None = None) -> None:
        """Connect to the cluster at ``address``, or that of the job this is; without either, start one on this machine.

        Raises:
            SettingsError: Ray is missing, or there is no cluster there.
        """
        self._ray = _import_ray()
        self._ours = not self._ray.is_initialized()
        if self._ours:
            _connect(self._ray, config, address)
        self.config = on_device(config, gpus=self._ray.cluster_resources().get("GPU", 0) > 0)

    @property
    def settings(self) -> Settings:
        """Return those that the actors load."""
        return self.config.settings

    def run(self, shards: Sequence[Shard]) -> Generator[ShardResult, None, None]:
        """Yield the result of each shard, as they are finished.

        Raises:
            QuintupleError: the model cannot be loaded on an actor, or the cluster is lost.
        """
        if not shards:
            return
        try:
            for row in self._results(shards).iter_rows():
                result = pickle.loads(row["result"])
                if isinstance(result, QuintupleError):
                    raise result
                yield result
        except self._ray.exceptions.RayError as exc:
            raise RunError(f"expected a Ray cluster that extracts, got: {exc}; what is done is kept") from exc

    def close(self) -> None:
        """Leave the cluster, and end it if it was started for this engine."""
        if self._ours:
            self._ray.shutdown()

    def _results(self, shards: Sequence[Shard]) -> Any:
        """Return a data set of results; nothing is done until it is read."""
        data = self._ray.data
        context = data.DataContext.get_current()
        context.enable_progress_bars = False
        rows = [{"shard": pickle.dumps(shard)} for shard in shards]
        # A block is what is done, and handed over, at once.
        source = data.from_items(rows, override_num_blocks=len(rows))
        size = count_actors(self._ray, self.config, len(shards))
        return source.map_batches(
            ShardExtractor,
            fn_constructor_args=(self.config,),
            batch_size=1,
            batch_format="numpy",
            compute=data.ActorPoolStrategy(size=size),
            **needs_of(self.config),
        )


class ShardExtractor:
    """What an actor runs: it loads the model once, then extracts shard after shard."""

    def __init__(self, config: WorkerConfig) -> None:
        """Take what to load; it is loaded, in a process of its own, with the first shard."""
        batch = config.settings.batch.model_copy(update={"workers": 1})
        classify = config.settings.classify.model_copy(update={"threads": _threads(config)})
        settings = config.settings.model_copy(update={"batch": batch, "classify": classify})
        self._engine = LocalEngine(replace(config, settings=settings))

    def __call__(self, batch: dict[str, Any]) -> dict[str, list[bytes]]:
        """Return the pickled results of the pickled shards of a batch; an error in place of what it prevents."""
        try:
            found: list[Any] = list(self._engine.run([pickle.loads(shard) for shard in batch["shard"]]))
        except QuintupleError as exc:
            found = [exc]
        return {"result": [pickle.dumps(each) for each in found]}


def _import_ray() -> Any:
    # Ray would report the use of its libraries to its makers; nothing of ours sends anything anywhere.
    for name, value in {"RAY_USAGE_STATS_ENABLED": "0", "RAY_BACKEND_LOG_LEVEL": "fatal"}.items():
        os.environ.setdefault(name, value)
    try:
        import ray
        import ray.data
    except ModuleNotFoundError as exc:
        raise SettingsError(
            f"--engine ray: expected the extra [ray], got no {exc.name}: pip install 'quintuple[ray]'"
        ) from exc
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    return ray


def _connect(ray: Any, config: WorkerConfig, address: str | None) -> None:
    """Join a cluster, or start one."""
    quiet = {"log_to_driver": False, "logging_level": logging.ERROR}
    try:
        if address or os.environ.get("RAY_ADDRESS"):
            ray.init(address=address, **quiet)
        else:
            cores = config.settings.batch.workers or None
            ray.init(num_cpus=cores, include_dashboard=False, object_store_memory=_STORE, **quiet)
    except (ConnectionError, RuntimeError, ValueError) as exc:
        raise SettingsError(f"--address: expected a Ray cluster at {address or 'this machine'}, got: {exc}") from exc


def on_device(config: WorkerConfig, *, gpus: bool) -> WorkerConfig:
    """Return what to load with the device that ``auto`` stands for: graphics cards, if there are any to use."""
    classify = config.settings.classify
    if classify.device == "auto" and gpus and (model_path(config.model or classify.model) / WEIGHTS).is_file():
        classify = classify.model_copy(update={"device": "cuda"})
    return replace(config, settings=config.settings.model_copy(update={"classify": classify}))


def count_actors(ray: Any, config: WorkerConfig, shards: int) -> int:
    """Return the number of actors: as asked for, or as many as the cluster has room for, but no more than shards."""
    have, need = ray.cluster_resources(), needs_of(config)
    room = int(have.get("CPU", 1) / need["num_cpus"])
    if need.get("num_gpus"):
        room = min(room, int(have.get("GPU", 0) / need["num_gpus"]))
    return max(1, min(config.settings.batch.workers or room, shards))


def needs_of(config: WorkerConfig) -> dict[str, Any]:
    """Return what an actor takes of the cluster."""
    needs: dict[str, Any] = {"num_cpus": _threads(config)}
    if config.settings.classify.device == "cuda":
        needs["num_gpus"] = 1 / config.settings.batch.gpu_actors
    return needs


def _threads(config: WorkerConfig) -> int:
    return config.settings.classify.threads or 1
