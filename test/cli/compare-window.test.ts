import { expect, test } from "vitest";
import { answered } from "../support/headless.ts";

const LOG = "fixtures/demo";

async function compared(...options: readonly string[]): Promise<unknown> {
  const { code, stdout } = await answered(["compare", LOG, "--by", "who", "--tz", "utc", "-o", "json", ...options]);
  expect(code).toBe(0);
  // How a side was named is no part of what it says.
  return JSON.parse(stdout, (key, value: unknown) => (key === "side" ? undefined : value));
}

test("compare sets a window against as long before it, however the window is given", async () => {
  const named = await compared("--a", "00:15:40..00:15:50", "--b", "00:15:50..00:16:00");
  expect(await compared("--since", "00:15:50", "--until", "00:16:00")).toEqual(named);
  expect(await compared("-q", "since:00:15:50 until:00:16:00")).toEqual(named);
  expect(await compared("--since", "00:15:50", "-q", "until:00:16:00")).toEqual(named);
  // A window of the command line does not cut sides that have their own.
  expect(
    await compared("--since", "00:10", "--a", "00:15:40..00:15:50", "--b", "00:15:50..00:16:00", "-q", "until:00:11"),
  ).toEqual(named);
});
