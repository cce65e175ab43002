import { expect } from "vitest";
import { story } from "./play.ts";

/** The row under the cursor. */
const row = (text: string): string => text.split("\n").find((line) => line.startsWith("▸")) ?? "";

story("zooming and filtering keep the place in the list", { paths: ["fixtures/demo"] }, async (somebody) => {
  const { press, type, see, text } = somebody;
  await type("6:goto 00:15:50");
  await press("enter");
  const before = row(text());
  expect(before).toMatch(/^▸ 00:15:50\./);
  await press("z", "z");
  see(/\[00:13:23\.\d+ . 00:17:02/);
  expect(row(text()), "the row it was on").toBe(before);
  await press("X", "/");
  await type("verb:create");
  await press("enter");
  see("[verb:create]");
  expect(row(text()), "the next one that matches").toMatch(/^▸ 00:16:22\.661 .* create/);
  await press("X");
  expect(row(text())).toBe(before);
});
