import * as fc from "fast-check";
import { expect, it } from "vitest";
import { maskText } from "../../src/masking/mask.ts";

/** What the parts of the masker look for, and what they stop at. */
const PIECES =
  `eyJ -eyJ eyJa. -----BEGIN\u00a0PRIVATE\u00a0KEY----- key={ key= key=key key:" token:' token=" token= token:\u00a0 a:{ " ' \`
  \\ \\" --a\u00a0 --password\u00a0 mysql\u00a0 curl\u00a0-u\u00a0 ://a: https:// @ ?a= ? & &command= %20 <a\u00a0 <password> </
  name="a"\u00a0value=" password\u00a0is\u00a0 password\u00a0for\u00a0 identified\u00a0by\u00a0' login\u00a0a\u00a0password\u00a0
  Bearer\u00a0 SG. hvs. s. xoxb- ghp_ sk- 1/1 https://hooks.slack.com/services/ :A aQ~ x.atlasv1. -us \u2028 \u2028\u00a0 \u2028-\u00a0
  \u2028a:\u00a0|\u2028 password:\u2028 \u2028password:\u00a0" \u00a0\u00a0-\u00a0--token\u2028 \u00a0 { [ } ] ( ) ; , = : => a Aa1 . / + ~ $ 密
  0123456789abcdef kind:\u00a0Secret\u2028 "kind":"Secret" :\u00a0Invalid\u00a0value:\u00a0 a:b@ $2y$ {SSHA}`
    .split(/\s*\n\s*| /)
    .filter((piece) => piece !== "")
    .map((piece) => piece.replaceAll("\u00a0", " ").replaceAll("\u2028", "\n"));

/** CPU time in µs, the least of some rounds: what others do on the machine, and the compiler, count little. */
function cost(text: string, rounds: number): number {
  const times = Array.from({ length: rounds }, (_, round) => {
    const before = process.cpuUsage();
    maskText(text + " ".repeat(round));
    const { user, system } = process.cpuUsage(before);
    return user + system;
  });
  return Math.min(...times);
}

/** How much more eight times as much text costs; less than a millisecond counts as one. A quadratic cost is 64 times. */
function growth(unit: string, rounds: number): number {
  const text = (length: number): string => unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
  return cost(text(64_000), rounds) / Math.max(1_000, cost(text(8_000), rounds));
}

it("costs eight times as much for eight times as much text, whatever a stranger repeats", () => {
  const pieces = fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(pieces, (all) => {
      const unit = all.join("");
      // Measured again, longer, before it is believed.
      const grows = growth(unit, 3) < 24 || growth(unit, 15) < 24;
      expect(grows, JSON.stringify(unit)).toBe(true);
    }),
    { numRuns: 60 },
  );
});
