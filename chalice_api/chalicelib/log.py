"""JSON log lines of the deployed code: what happened, to which model; never payloads, addresses or user
ids."""

from __future__ import annotations

import logging
import os
import sys
from datetime import UTC, datetime

import orjson

LOGGER_NAME = "realtime_analytics"


class _JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
            "environment": os.environ.get("NAME_PREFIX", ""),
        }
        line.update(getattr(record, "fields", {}))
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return orjson.dumps(line, default=str).decode()


def _logger() -> logging.Logger:
    logger = logging.getLogger(LOGGER_NAME)
    if not logger.handlers:
        handler = logging.StreamHandler(sys.stdout)
        handler.setFormatter(_JsonFormatter())
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        logger.propagate = False
    return logger


def info(message: str, **fields: object) -> None:
    """Log a fact with its fields, such as `metric="revenue_per_minute", rows=12`."""
    _logger().info(message, extra={"fields": fields})


def warning(message: str, **fields: object) -> None:
    """Log what went wrong and was dealt with."""
    _logger().warning(message, extra={"fields": fields})


def exception(message: str, **fields: object) -> None:
    """Log the exception being handled, with its traceback."""
    _logger().error(message, exc_info=True, extra={"fields": fields})
