import { describe, expect, it } from "vitest";
import { RefreshPace } from "../../src/engine/refresh-pace.ts";

describe("pace of refreshes", () => {
  it("holds back while a question is being answered, whatever its end", async () => {
    const pace = new RefreshPace();
    expect(pace.isDue(performance.now())).toBe(true);
    const first = Promise.withResolvers<number>();
    const second = Promise.withResolvers<number>();
    const answers = [pace.answering(first.promise), pace.answering(second.promise)];
    expect(pace.isDue(Number.MAX_VALUE)).toBe(false);
    first.resolve(1);
    await answers[0];
    expect(pace.isDue(Number.MAX_VALUE)).toBe(false);
    second.reject(new Error("cancelled"));
    await expect(answers[1]).rejects.toThrow("cancelled");
    expect(pace.isDue(Number.MAX_VALUE)).toBe(true);
  });

  it("rests after an answer, but never for long", async () => {
    const pace = new RefreshPace();
    await pace.answering(Promise.resolve(1));
    expect(pace.isDue(performance.now() + 2_000)).toBe(true);
    pace.isLive = true;
    const before = performance.now();
    await pace.answering(Promise.resolve(1));
    expect(pace.isDue(before + 299)).toBe(false);
  });
});
