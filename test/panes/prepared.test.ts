import { describe, expect, it } from "vitest";
import { prepared } from "../../src/panes/prepared.ts";

describe("what is prepared of an answer", () => {
  it("is made once for each answer and what else makes a difference", () => {
    const made: string[] = [];
    const widened = prepared(
      ({ text }: { readonly text: string }, width: number, cursor: number) => {
        made.push(`${text} ${width} ${cursor}`);
        return text.padEnd(width);
      },
      (width) => [width],
    );
    const [first, second] = [{ text: "a" }, { text: "b" }];
    expect([widened(first, 2, 0), widened(first, 2, 1), widened(second, 2, 2)]).toEqual(["a ", "a ", "b "]);
    expect([widened(first, 3, 3), widened(first, 2, 4), widened(second, 2, 5)]).toEqual(["a  ", "a ", "b "]);
    expect(made).toEqual(["a 2 0", "b 2 2", "a 3 3", "a 2 4"]);
  });
});
