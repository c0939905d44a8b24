"""How fast the local server answers warm reads: GET latency at a fixed request rate, over real HTTP.

    .venv/bin/python -m tests.benchmarks api

Starts an emulator, Valkey and the server, fills one metric with an hour of rows (60 minutes x 3 currencies),
warms it, then sends requests at times fixed beforehand (open loop): a request that had to wait for its turn
counts from the time it was due, so that a stall is not hidden. The client shares the machine.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.results import Measured
from tests.integration.serving.conftest import running_emulator, running_stack
from tests.integration.serving.support import MINUTE_MS, LiveClient, Stack, revenue

PATHS = {
    "one_hour_180_rows": "/v1/metrics/revenue_per_minute",
    "one_currency_60_rows": "/v1/metrics/revenue_per_minute?currency=EUR",
}


async def measure(port: int, path: str, rate: int, seconds: float, connections: int) -> dict[str, float]:
    """Send `rate` GETs a second over keep-alive connections; milliseconds of latency by percentile."""
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
    due: asyncio.Queue[float | None] = asyncio.Queue()
    latencies: list[float] = []

    async def worker() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while (moment := await due.get()) is not None:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200"), head[:80]
            length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
            await reader.readexactly(length)
            latencies.append((time.perf_counter() - moment) * 1000)
        writer.close()
        await writer.wait_closed()

    workers = [asyncio.create_task(worker()) for _ in range(connections)]
    start = time.perf_counter() + 0.2
    for number in range(int(rate * seconds)):
        moment = start + number / rate
        delay = moment - time.perf_counter()
        if delay > 0:
            await asyncio.sleep(delay)
        due.put_nowait(moment)
    for _ in workers:
        due.put_nowait(None)
    await asyncio.gather(*workers)
    elapsed = time.perf_counter() - start
    return percentiles(latencies) | {"achieved_per_second": round(len(latencies) / elapsed)}


def push_latencies(stack: Stack, count: int) -> dict[str, float]:
    """Publish one changed row at a time to one subscriber; milliseconds until its frame is there."""
    latencies = []
    with LiveClient(stack) as client:
        client.join()
        for number in range(count):
            record = stack.record(
                "revenue-per-minute",
                revenue(stack.minute(0), str(number), updated_ms=stack.clock_ms + 1 + number),
            )
            started = time.perf_counter()
            stack.publish(record)
            client.receive()
            latencies.append((time.perf_counter() - started) * 1000)
    return percentiles(latencies)


def percentiles(latencies: list[float]) -> dict[str, float]:
    """p50, p95, p99 and the greatest."""
    latencies.sort()
    last = len(latencies) - 1
    found = {f"p{p}_ms": round(latencies[min(len(latencies) * p // 100, last)], 2) for p in (50, 95, 99)}
    return found | {"max_ms": round(latencies[-1], 2)}


@contextmanager
def filled_stack() -> Iterator[Stack]:
    """A stack with an hour of rows, published."""
    with tempfile.TemporaryDirectory() as folder, running_emulator(Path(folder)) as dynamodb:
        home = Path(folder) / "stack"
        home.mkdir()
        with running_stack(dynamodb, home) as stack:
            records = [
                stack.store(
                    "revenue-per-minute",
                    revenue(
                        stack.minute(ago),
                        "1234.56",
                        currency=currency,
                        updated_ms=stack.clock_ms,
                        watermark_ms=stack.minute(0) + MINUTE_MS,
                    ),
                )
                for ago in range(60)
                for currency in ("EUR", "GBP", "USD")
            ]
            stack.publish(*records)
            yield stack


def run(*, rate: int = 1000, seconds: float = 20, connections: int = 50) -> list[Measured]:
    """Latency of warm reads at `rate` requests a second, and of a push to one subscriber."""
    with filled_stack() as stack:
        port = int(stack.url.rsplit(":", 1)[1])
        found = [
            Measured(f"publish_to_subscriber_{name}", value, "ms")
            for name, value in push_latencies(stack, 300).items()
        ]
        for name, path in PATHS.items():
            asyncio.run(measure(port, path, 200, 2, connections))
            before = stack.server.cpu_seconds()
            measured = asyncio.run(measure(port, path, rate, seconds, connections))
            used_ms = (stack.server.cpu_seconds() - before) * 1000
            found += [
                Measured(f"get_{name}_{key}", value, "requests/s" if "second" in key else "ms")
                for key, value in measured.items()
            ]
            found.append(Measured(f"get_{name}_server_cpu", round(used_ms / (rate * seconds), 3), "ms"))
    return found
