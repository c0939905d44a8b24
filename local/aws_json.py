"""A small client of AWS's JSON protocol for polling the loopback emulator cheaply.

boto3 takes 0.7 ms of CPU for an empty answer, mostly to sign the request, which the emulator does not check.
"""

from __future__ import annotations

import http.client
from typing import Any
from urllib.parse import urlsplit

import orjson


class AwsError(Exception):
    """An answer that AWS gives as an error; `code` is its name, such as `ExpiredIteratorException`."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


class AwsJson:
    """One kept connection to one service. Not for use from several threads.

    `target` is the service's prefix, such as `DynamoDBStreams_20120810`.
    """

    def __init__(
        self, endpoint: str, service: str, target: str, region: str, timeout_seconds: float = 5
    ) -> None:
        url = urlsplit(endpoint)
        self._connection = http.client.HTTPConnection(
            url.hostname or "127.0.0.1", url.port or 80, timeout=timeout_seconds
        )
        self._target = target
        self._headers = {
            "Content-Type": "application/x-amz-json-1.0",
            "Authorization": f"AWS4-HMAC-SHA256 Credential=local/20260101/{region}/{service}/aws4_request, "
            "SignedHeaders=host, Signature=0",
        }

    def call(self, action: str, **parameters: Any) -> dict[str, Any]:
        """Call `action`; raises AwsError for an error answer, OSError when nobody answers."""
        try:
            self._connection.request(
                "POST",
                "/",
                orjson.dumps(parameters),
                {**self._headers, "X-Amz-Target": f"{self._target}.{action}"},
            )
            response = self._connection.getresponse()
            body = response.read()
        except http.client.HTTPException as error:
            self._connection.close()
            raise ConnectionError(f"the endpoint broke off: {error!r}") from error
        except OSError:
            self._connection.close()
            raise
        try:
            answer: dict[str, Any] = orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise ConnectionError(f"the endpoint answered {response.status} without JSON") from error
        if response.status != 200:
            raise AwsError(
                str(answer.get("__type", response.status)).rpartition("#")[2],
                str(answer.get("message", answer.get("Message", ""))),
            )
        return answer

    def close(self) -> None:
        """Close the connection; a later call opens it again."""
        self._connection.close()
