"""Folders in, extractions out; a bad input costs itself alone."""

from quintuple.batch.engines import Engine
from quintuple.batch.engines.inline import InlineEngine
from quintuple.batch.engines.local import LocalEngine
from quintuple.batch.engines.worker import WorkerConfig
from quintuple.batch.identity import Identity, identify
from quintuple.batch.output import write_errors
from quintuple.batch.reading import InputFile
from quintuple.batch.runs import Run, RunOptions, state_folder
from quintuple.batch.shards import FileResult, Shard, ShardResult
from quintuple.batch.stages import Activity
from quintuple.batch.stream import read_inputs, read_stream, run
from quintuple.batch.summary import Failure, FileDone, Planned, Summary
from quintuple.batch.urls import is_url

__all__ = [
    "Activity",
    "Engine",
    "Failure",
    "FileDone",
    "FileResult",
    "Identity",
    "InlineEngine",
    "InputFile",
    "LocalEngine",
    "Planned",
    "Run",
    "RunOptions",
    "Shard",
    "ShardResult",
    "Summary",
    "WorkerConfig",
    "identify",
    "is_url",
    "read_inputs",
    "read_stream",
    "run",
    "state_folder",
    "write_errors",
]
