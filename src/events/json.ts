/** Deeper than any Kubernetes object: what lies below is not read, so that reading a value may recurse. */
export const MAX_NESTING = 200;
/** Stands in the place of an object or array that lies deeper. */
export const TOO_DEEP = `[nested deeper than ${MAX_NESTING} levels]`;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * JSON of a log, at most MAX_NESTING levels of it: strangers choose how deep their bodies are. As JSON.parse otherwise;
 * throws its SyntaxError.
 */
export function parseJson(text: string, reviver?: (key: string, value: unknown) => unknown): unknown {
  const shallow = withoutDepths(text);
  if (shallow === text) return JSON.parse(text, reviver);
  try {
    return JSON.parse(shallow, reviver);
  } catch (error) {
    // Its own text has the right position in the message.
    JSON.parse(text);
    throw error;
  }
}

/** The same text where nothing is nested too deeply. */
function withoutDepths(text: string): string {
  if (text.length < 2 * MAX_NESTING) return text;
  let parts = "";
  let kept = 0;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === QUOTE) {
      at = closingQuote(text, at);
    } else if (char === OPEN_OBJECT || char === OPEN_LIST) {
      if (depth === MAX_NESTING) parts += text.slice(kept, at) + JSON.stringify(TOO_DEEP);
      depth++;
    } else if (char === CLOSE_OBJECT || char === CLOSE_LIST) {
      depth--;
      if (depth === MAX_NESTING) kept = at + 1;
    }
  }
  if (parts === "") return text;
  return depth > MAX_NESTING ? parts : parts + text.slice(kept);
}

/** Position of the quote that ends the string opened at `open`, or the end of the text. */
function closingQuote(text: string, open: number): number {
  for (let at = text.indexOf('"', open + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let slashes = at - 1;
    while (text.charCodeAt(slashes) === BACKSLASH) slashes--;
    if ((at - slashes) % 2 === 1) return at;
  }
  return text.length;
}
