import { renderToString } from "ink";
import { render } from "ink-testing-library";
import { describe, expect, test } from "vitest";
import { Rows } from "../../src/ui/rows.tsx";

describe("rows", () => {
  test("one line each, empty ones too, none wrapped", () => {
    const { lastFrame, rerender, unmount } = render(<Rows rows={["first", "", "x".repeat(150)]} />);
    expect(lastFrame()?.split("\n")).toEqual(["first", "", `${"x".repeat(99)}…`]);
    rerender(<Rows rows={["only"]} />);
    expect(lastFrame()).toBe("only");
    unmount();
  });

  test("colours painted into a row survive Ink", () => {
    expect(renderToString(<Rows rows={["\u001b[38;5;172m403\u001b[0m ok"]} />, { columns: 20 })).toMatch(
      /^\u001b\[38;5;172m403\u001b\[(39|0)m ok$/,
    );
  });
});
