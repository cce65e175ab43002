import { assert, dictionary, jsonValue, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { yamlValues } from "../../src/yaml/yaml-values.ts";
import { yamlText } from "../../src/yaml/write-yaml.ts";

describe("YAML of an object", () => {
  it("is read back as it was, whatever strings are in it, and has nothing a terminal obeys", () => {
    assert(
      property(dictionary(string({ unit: "binary" }), jsonValue({ stringUnit: "binary" })), (value) => {
        const text = yamlText(value);
        expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
        const { values, problems } = yamlValues(text);
        expect(problems).toEqual([]);
        expect(JSON.stringify(values[0] ?? {})).toBe(JSON.stringify(value));
      }),
      { numRuns: 300 },
    );
  });

  it("quotes what readers of YAML 1.1 take for something else", () => {
    const words = ["yes", "off", "1:30", "0777", "1e3", "null", "2026-11-21", "~", "on", "0x1F", "1_000"];
    for (const word of words) expect(yamlText({ word })).toMatch(/^word: ["']/);
  });
});
