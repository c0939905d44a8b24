import { describe, expect, it } from "vitest";
import { liveUrl, parseMessage } from "./driver.ts";

describe("the address of the WebSocket", () => {
  it("is on the page's own origin, encrypted where the page is", () => {
    expect(liveUrl("http://127.0.0.1:8080/")).toBe("ws://127.0.0.1:8080/live");
    expect(liveUrl("https://shop.example/dashboard/?x=1")).toBe("wss://shop.example/live");
  });
});

describe("a message", () => {
  it("of a kind we know is taken", () => {
    expect(parseMessage('{"type": "pong", "server_time": "2026-01-15T12:00:00.000Z"}')).toMatchObject({
      type: "pong",
    });
  });

  it("of a kind that only a newer server knows is left out", () => {
    expect(parseMessage('{"type": "news"}')).toBeNull();
    expect(parseMessage("[]")).toBeNull();
    expect(parseMessage(new ArrayBuffer(1))).toBeNull();
  });
});
