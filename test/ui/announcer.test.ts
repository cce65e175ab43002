import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Announcer } from "../../src/ui/announcer.ts";

let told = 0;
let announcer: Announcer;

beforeEach(() => {
  vi.useFakeTimers();
  told = 0;
  announcer = new Announcer(() => Date.now());
  announcer.subscribe(() => (told += 1));
});
afterEach(() => vi.useRealTimers());

describe("news for the screen", () => {
  test("wait for the answer that an empty pane lacks, but not for long", () => {
    announcer.announce(true);
    expect([told, announcer.isHolding]).toEqual([0, true]);
    vi.advanceTimersByTime(20);
    announcer.announce(false);
    expect([told, announcer.isHolding]).toEqual([1, false]);
    vi.advanceTimersByTime(1_000);
    expect(told).toBe(1);
  });

  test("are told once the wait has lasted, and at once from then on", () => {
    announcer.announce(true);
    vi.advanceTimersByTime(50);
    announcer.announce(true);
    vi.advanceTimersByTime(29);
    expect(told).toBe(0);
    vi.advanceTimersByTime(1);
    expect(told).toBe(1);
    announcer.announce(true);
    expect(told).toBe(2);
    announcer.announce(false);
    announcer.announce(true);
    expect([told, announcer.isHolding]).toEqual([3, true]);
    announcer.close();
  });
});
