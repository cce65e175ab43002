import { describe, expect, test } from "vitest";
import { eventFacts } from "../../src/events/event-facts.ts";
import { evidenceOf } from "../../src/rbac/evidence.ts";
import { eventLine, Feeder } from "../index/feeder.ts";

/** Whether somebody was impersonated, by everything that reads an event. */
const CASES: readonly (readonly [string, unknown, boolean])[] = [
  ["absent", undefined, false],
  ["null", null, false],
  ["empty", {}, false],
  ["with a name", { username: "bob" }, true],
  ["with groups only", { groups: ["g"] }, true],
];

describe("an impersonatedUser that is", () => {
  test.each(CASES)("%s", (_, impersonatedUser, isOne) => {
    const bytes = eventLine({ auditID: "one", impersonatedUser });
    const feeder = new Feeder();
    const { actor } = feeder.batch([bytes]);
    const { actors, dictionaries } = feeder.ring;
    expect(dictionaries.user.text(actors.asFrom[actor[0] as number] as number)).toBe(isOne ? "alice" : "");
    const event = JSON.parse(bytes.toString()) as unknown;
    expect(eventFacts(event).asFrom).toBe(isOne ? "alice" : "");
    expect(evidenceOf(event).impersonation !== null).toBe(isOne);
  });
});
