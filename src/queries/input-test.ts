import type { ValueTest } from "./contract.ts";
import { textTest } from "./text-test.ts";

/**
 * Paths of inputs. A quoted path is that file, or all files below that directory; a bare one may be any whole parts of the
 * path: `b.log`, `cp1/audit.log`, `cluster-a`. Patterns match the path or its last part.
 */
export function inputTest(tests: readonly ValueTest[]): (path: string) => boolean {
  const whole: string[] = [];
  const parts: string[] = [];
  const others: ValueTest[] = [];
  for (const test of tests) {
    if (test.kind === "literal") whole.push(plain(test.text));
    else if (test.kind === "exact") parts.push(plain(test.text));
    else others.push(test);
  }
  const pattern = textTest(others);
  return (given) => {
    const path = plain(given);
    return (
      whole.some((text) => path === text || path.startsWith(text === "/" ? text : `${text}/`)) ||
      parts.some((text) => `/${path}/`.includes(text.startsWith("/") ? `${text}/` : `/${text}/`)) ||
      (others.length > 0 && (pattern(path) || pattern(path.slice(path.lastIndexOf("/") + 1))))
    );
  };
}

/** `./logs/` is `logs`. */
export function plain(path: string): string {
  const text = path.startsWith("./") ? path.slice(2) : path;
  return text.length > 1 && text.endsWith("/") ? text.slice(0, -1) : text;
}
