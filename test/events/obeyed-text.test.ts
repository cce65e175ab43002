import { expect, test } from "vitest";
import { printable } from "../../src/bytes/read-error.ts";
import { quoted } from "../../src/cli/option-values.ts";
import { escapeControl, escapeLine } from "../../src/cli/writers/control-text.ts";
import { jsonText } from "../../src/cli/writers/json-text.ts";
import { obeyed } from "../../src/events/obeyed-text.ts";
import { escapeControls } from "../../src/formats/shape/sample-text.ts";
import { yamlText } from "../../src/yaml/write-yaml.ts";
import { parse } from "yaml";

/** Every character of the planes that have such, a hundred at a time. */
const texts = Array.from({ length: 0xe0100 / 100 }, (_, hundred) =>
  String.fromCodePoint(...Array.from({ length: 100 }, (_, at) => hundred * 100 + at)).toWellFormed(),
);

test.each([
  ["messages about files", printable, ""],
  ["what was typed", quoted, ""],
  ["samples of records", escapeControls, ""],
  ["lines", escapeLine, ""],
  ["tables", escapeControl, "\\n"],
  ["JSON", jsonText, "\\n"],
  ["YAML", yamlText, "\\t\\n"],
])("%s hold nothing a terminal obeys", (_name, write, but) => {
  const left = but === "" ? obeyed() : obeyed({ but });
  for (const text of texts) expect(write(text).match(left), JSON.stringify(text.slice(0, 1))).toBeNull();
});

test("JSON and YAML are read as the same text", () => {
  for (const text of texts) {
    expect(JSON.parse(jsonText(text))).toBe(text);
    if (obeyed().test(text)) expect(parse(yamlText({ text }))).toEqual({ text });
  }
});
