"""The WebSocket over the real server: snapshots, deltas, resuming, subscriptions that get lost."""

from __future__ import annotations

import signal
import threading
from typing import Any

import boto3
import pytest
from chalicelib import cache, clock, rows
from websockets.exceptions import InvalidHandshake
from websockets.sync.client import connect

from tests.integration.serving.support import TOPIC, LiveClient, Stack, eventually, revenue

REVENUE = "revenue-per-minute"


def write(stack: Stack, amount: int, *, minute: int = 0, currency: str = "EUR") -> dict[str, Any]:
    """Store a row whose revenue and `_updated_at` grow with `amount`; its stream record."""
    item = revenue(
        stack.minute(minute),
        str(amount),
        currency=currency,
        updated_ms=stack.clock_ms + amount,
        watermark_ms=None,
    )
    return stack.store(REVENUE, item)


def test_snapshot_then_deltas_whose_sequence_grows_by_one(stack: Stack) -> None:
    stack.publish(write(stack, 1))
    with LiveClient(stack) as client:
        client.subscribe()
        (snapshot,) = client.receive_snapshot()
        client.ping()
        assert snapshot["topic"] == TOPIC
        assert [row["revenue"] for row in snapshot["rows"]] == ["1.00"]
        for amount in (2, 3, 4):
            stack.publish(write(stack, amount))
        deltas = [client.receive() for _ in range(3)]
        assert [delta["type"] for delta in deltas] == ["delta"] * 3
        assert [delta["seq"] for delta in deltas] == [
            snapshot["seq"] + 1,
            snapshot["seq"] + 2,
            snapshot["seq"] + 3,
        ]
        assert [delta["rows"][0]["revenue"] for delta in deltas] == ["2.00", "3.00", "4.00"]
        assert {"window_start", "window_end", "status", "as_of", "age_ms"} <= set(deltas[0]["rows"][0])


def test_one_batch_is_one_frame_with_the_last_of_each_key(stack: Stack) -> None:
    with LiveClient(stack) as client:
        client.join()
        stack.publish(*(write(stack, amount, currency=c) for amount in range(1, 20) for c in ("EUR", "USD")))
        delta = client.receive()
        assert [(row["currency"], row["revenue"]) for row in delta["rows"]] == [
            ("EUR", "19.00"),
            ("USD", "19.00"),
        ]
        assert client.ping()["topics"] == {TOPIC: delta["seq"]}


def test_dropped_connection_resumes_with_the_deltas_it_missed(stack: Stack) -> None:
    with LiveClient(stack) as client:
        client.join()
        stack.publish(write(stack, 1))
        client.receive()
        seq = client.seq
        client.drop()
    for amount in (2, 3):
        stack.publish(write(stack, amount))
    with LiveClient(stack) as client:
        client.seq = seq
        client.subscribe(resume=seq)
        assert seq is not None
        assert [(m["type"], m["seq"]) for m in (client.receive(), client.receive())] == [
            ("delta", seq + 1),
            ("delta", seq + 2),
        ]
        assert [row["revenue"] for row in client.rows.values()] == ["3.00"]
        stack.publish(write(stack, 4))
        assert client.receive()["seq"] == seq + 3


def test_resume_from_where_nothing_is_kept_brings_a_snapshot(stack: Stack) -> None:
    stack.publish(write(stack, 1))
    with LiveClient(stack) as client:
        client.subscribe(resume=41)
        assert client.receive()["type"] == "snapshot"


def test_resume_at_the_newest_number_sends_nothing_and_goes_on(stack: Stack) -> None:
    stack.publish(write(stack, 1))
    with LiveClient(stack) as client:
        client.join()
        client.subscribe(resume=client.seq)
        assert client.ping()["topics"] == {TOPIC: client.seq}
        assert [m["type"] for m in client.messages] == ["pong"]


def test_large_snapshot_comes_in_parts_below_32_kb(stack: Stack) -> None:
    records = [
        write(stack, 1, minute=minute, currency=f"{chr(65 + c)}ÄX") for minute in range(30) for c in range(20)
    ]
    stack.publish(*records)
    with LiveClient(stack) as client:
        client.subscribe()
        parts = client.receive_snapshot()
        assert len(parts) > 1
        assert [(part["part"], part["parts"]) for part in parts] == [
            (n + 1, len(parts)) for n in range(len(parts))
        ]
        assert len({part["seq"] for part in parts}) == 1
        assert max(client.sizes) < 32 * 1024
        assert len(client.rows) == 600


def test_many_changed_rows_come_in_frames_below_32_kb(stack: Stack) -> None:
    with LiveClient(stack) as client:
        client.join()
        records = [write(stack, 1, minute=m, currency=f"X{c:02d}") for m in range(30) for c in range(10)]
        stack.publish(*records)
        eventually(lambda: client.receive() and len(client.rows) == 300, "all rows")
        assert max(client.sizes) < 32 * 1024
        numbers = [m["seq"] for m in client.messages]
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def test_duplicates_and_older_versions_change_nothing_and_send_nothing(stack: Stack) -> None:
    first, second, third = write(stack, 1), write(stack, 2), write(stack, 3)
    with LiveClient(stack) as client:
        client.join()
        stack.publish(second)
        assert client.receive()["rows"][0]["revenue"] == "3.00", (
            "the load from DynamoDB had the newest already"
        )
        for late in (first, second, third, third, first):
            stack.publish(late)
        seq = client.seq
        assert client.ping()["topics"] == {TOPIC: seq}
        assert stack.rows() == {f"{clock.iso(stack.minute(0))}#EUR": "3.00"}


def test_row_that_only_a_reader_loaded_is_still_pushed(stack: Stack) -> None:
    with LiveClient(stack) as client:
        client.join()
        record = write(stack, 5)
        stack.valkey_client.delete(*stack.valkey_client.keys("*rows*"))
        assert list(stack.rows().values()) == ["5.00"], "read from DynamoDB before the stream delivers it"
        stack.publish(record)
        assert client.receive()["rows"][0]["revenue"] == "5.00"


def test_two_publishers_at_once_lose_nothing_and_never_go_back(stack: Stack) -> None:
    batches = [[write(stack, amount, currency=c) for c in ("EUR", "USD", "GBP")] for amount in range(1, 41)]
    with LiveClient(stack) as client:
        client.join()
        failures: list[Exception] = []

        def publish(mine: list[list[dict[str, Any]]]) -> None:
            try:
                for batch in mine:
                    stack.publish(*batch)
            except AssertionError as error:
                failures.append(error)

        # Each batch goes to both, in opposite orders: late, early and twice.
        threads = [threading.Thread(target=publish, args=(order,)) for order in (batches, batches[::-1])]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not failures
        newest = client.ping()["topics"][TOPIC]
        eventually(lambda: client.seq == newest or client.ping(), "all frames")
        assert sorted(row["revenue"] for row in client.rows.values()) == ["40.00"] * 3


def test_frame_numbered_by_a_publisher_that_died_is_sent_by_the_next(stack: Stack) -> None:
    record = write(stack, 1)
    with LiveClient(stack) as client:
        client.join()
        store = cache.current()
        store.publish("revenue_per_minute", [rows.from_image(record["dynamodb"]["NewImage"])])
        seq = store.next_frame("revenue_per_minute")
        stack.publish(record)
        delta = client.receive()
        assert (delta["type"], delta["seq"]) == ("delta", seq)
        assert [row["revenue"] for row in delta["rows"]] == ["1.00"]


def test_lost_registry_shows_in_the_pong_and_subscribing_again_heals_it(stack: Stack) -> None:
    stack.publish(write(stack, 1))
    with LiveClient(stack) as client:
        client.join()
        seq = client.seq
        stack.valkey.kill()
        stack.valkey.start()
        pong = eventually(lambda: _pong(client), "a pong after the restart")
        assert pong is not None
        assert pong["topics"] == {}
        client.subscribe(resume=seq)
        assert client.receive()["type"] == "snapshot"
        assert client.seq is not None
        assert seq is not None
        assert client.seq > seq
        stack.publish(write(stack, 2))
        client.receive()
        assert [row["revenue"] for row in client.rows.values()] == ["2.00"]


def _pong(client: LiveClient) -> dict[str, Any] | None:
    client.send({"action": "ping"})
    message = client.receive()
    assert message["type"] == "pong" or message["code"] == "unavailable"
    return message if message["type"] == "pong" else None


def test_unsubscribed_topic_sends_no_more(stack: Stack) -> None:
    with LiveClient(stack) as client:
        client.join()
        client.send({"action": "unsubscribe", "topics": [TOPIC]})
        assert client.ping()["topics"] == {}
        stack.publish(write(stack, 1))
        client.ping()
        assert [m["type"] for m in client.messages] == ["pong", "pong"]


def test_closed_connection_is_forgotten_at_once(stack: Stack) -> None:
    with LiveClient(stack) as client:
        client.join()
        assert len(cache.current().subscribers("revenue_per_minute")) == 1
    eventually(lambda: not cache.current().subscribers("revenue_per_minute"), "the subscription to go")


def test_connection_that_is_gone_is_forgotten_by_the_next_frame(stack: Stack) -> None:
    cache.current().subscribe("Lk0d0eYxoAMCJ5w=", "revenue_per_minute")
    stack.publish(write(stack, 1))
    assert cache.current().subscribers("revenue_per_minute") == []
    assert cache.current().subscriptions("Lk0d0eYxoAMCJ5w=") == []


@pytest.mark.parametrize(
    ("message", "code", "expected"),
    [
        ("{", "bad_message", "not JSON"),
        ("[]", "unknown_action", "none"),
        ({"action": "dance"}, "unknown_action", "'dance'"),
        ({"action": "subscribe"}, "bad_message", "topics is expected"),
        ({"action": "subscribe", "topics": "x"}, "bad_message", "topics is expected"),
        ({"action": "subscribe", "topics": [1]}, "bad_message", "topics is expected"),
        ({"action": "subscribe", "topics": ["metrics/nope"]}, "unknown_topic", "'metrics/nope'"),
        ({"action": "subscribe", "topics": [TOPIC] * 51}, "too_many_topics", "51 topics"),
        ({"action": "subscribe", "topics": [TOPIC], "resume": [1]}, "bad_message", "resume is expected"),
        (
            {"action": "subscribe", "topics": [TOPIC], "resume": {TOPIC: "1"}},
            "bad_message",
            "resume is expected",
        ),
        ({"action": "subscribe", "topics": ["\U0001f6d2" * 5_000]}, "unknown_topic", "..."),
    ],
)
def test_message_that_cannot_be_understood_is_answered_with_what_was_expected(
    shared_stack: Stack, message: Any, code: str, expected: str
) -> None:
    with LiveClient(shared_stack) as client:
        client.send(message)
        answer = client.receive()
        assert (answer["type"], answer["code"]) == ("error", code)
        assert expected in answer["message"]
        assert client.ping()["type"] == "pong", "the connection stays open"


def test_management_endpoint_works_with_botos_client_also_under_a_stage(stack: Stack) -> None:
    with LiveClient(stack) as client:
        client.join()
        (connection,) = cache.current().subscribers("revenue_per_minute")
        for base in (stack.url, f"{stack.url}/live"):
            management = boto3.session.Session().client("apigatewaymanagementapi", endpoint_url=base)
            management.post_to_connection(ConnectionId=connection, Data=b'{"type": "hello"}')
            assert client.receive() == {"type": "hello"}
            assert management.get_connection(ConnectionId=connection)["Identity"]["SourceIp"] == "127.0.0.1"
            with pytest.raises(management.exceptions.GoneException):
                management.post_to_connection(ConnectionId="nobody=", Data=b"{}")
            with pytest.raises(management.exceptions.PayloadTooLargeException):
                management.post_to_connection(ConnectionId=connection, Data=b" " * 131_073)
        management.delete_connection(ConnectionId=connection)
        with pytest.raises(management.exceptions.GoneException):
            management.get_connection(ConnectionId=connection)


def test_websocket_at_another_path_is_refused(stack: Stack) -> None:
    with pytest.raises(InvalidHandshake), connect(stack.websocket + "/other", open_timeout=30):
        pass


def test_server_stops_by_itself_with_websockets_open(stack: Stack) -> None:
    with LiveClient(stack) as first, LiveClient(stack) as second:
        first.subscribe()
        first.receive_snapshot()
        assert second.ping()["type"] == "pong"
        assert stack.server.stop() == -signal.SIGTERM
