import { expect, it } from "vitest";
import { lineText } from "../../src/models/line.ts";
import { PANES } from "../../src/panes/registry.ts";
import { answered, contextFor, detail } from "./context.ts";

const event = {
  annotations: { "example.com/token": "hunter2-annotated" },
  requestObject: { spec: { password: "hunter2-body" } },
  user: { username: "bob", extra: { "example.com/api-key": ["hunter2-extra"] } },
};
const answer = answered({
  request: detail(
    { annotations: event.annotations, useragent: "tool token=hunter2-agent", uri: "/proxy?sig=hunter2-uri" },
    event,
  ),
});
const places = ["annotated", "body", "extra", "agent", "uri"];

function card(unmask: string, cursorIndex = 0): { text: string; copy: string; summary: string } {
  const pane = PANES.find(({ id }) => id === "request");
  const context = contextFor({ frame: { pane: "request", params: { seq: "1", unmask }, cursorIndex }, height: 200 });
  const view = pane?.view(context, answer);
  return {
    text: view?.lines.map(lineText).join("\n") ?? "",
    copy: view?.selection.copy ?? "",
    summary: view?.summary ?? "",
  };
}

it("a card hides what every part of it says in secret, and what is copied from it", () => {
  const { text, summary } = card("");
  expect(text).not.toContain("hunter2");
  expect(summary).not.toContain("MASKED");
  const copies = text.split("\n").map((_, at) => card("", at).copy);
  expect(copies.join("\n")).not.toContain("hunter2");
});

it("unmasked it shows all of it, and says so as long as it does", () => {
  const { text, summary } = card("1");
  for (const place of places) expect(text).toContain(`hunter2-${place}`);
  expect(summary).toMatch(/^NOT MASKED · /);
  const copies = text.split("\n").map((_, at) => card("1", at).copy);
  expect(copies).toContain("hunter2-annotated");
});
