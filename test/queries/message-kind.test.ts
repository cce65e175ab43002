import { expect, test } from "vitest";
import { messageKind } from "../../src/queries/message-kind.ts";

test.each([
  ['pods "web-7d5f-x2x9k" not found', 'pods "…" not found'],
  [
    'secrets is forbidden: User "system:serviceaccount:ci:bot" cannot list resource "secrets" in API group "" in the namespace "ci"',
    'secrets is forbidden: User "…" cannot list resource "…" in API group "…" in the namespace "…"',
  ],
  [
    'admission webhook "sidecar.example.com" denied the request: no team label on "web"',
    'admission webhook "sidecar.example.com" denied the request: no team label on "…"',
  ],
  [
    "Precondition failed: UID in precondition: 3f1c2d4e-0000-1111-2222-333344445555",
    "Precondition failed: UID in precondition: …",
  ],
  ["etcdserver: request timed out after 10.5s, retry in 1s", "etcdserver: request timed out after …s, retry in …s"],
  ["dial tcp 10.1.2.3:443: connect: connection refused", "dial tcp …: connect: connection refused"],
])("%s", (message, kind) => {
  expect(messageKind(message)).toBe(kind);
});

test("is short and quick whatever the message", () => {
  for (const piece of ['"', "webhook ", "'", "1.", "\\", "webhook  \t"]) {
    expect(messageKind(piece.repeat(100_000)).length).toBeLessThanOrEqual(400);
  }
});
