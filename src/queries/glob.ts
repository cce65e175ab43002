/** `*` any run of characters, `?` any one; everything else stands for itself. */
export function isGlob(text: string): boolean {
  return text.includes("*") || text.includes("?");
}

/** Whether the whole of `text` matches. Absent values ("") match no glob. At most pattern × text steps. */
export function matchesGlob(pattern: string, text: string): boolean {
  if (text === "") return false;
  let p = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    const char = pattern[p];
    if (char === "*") {
      star = p++;
      resume = t;
    } else if (p < pattern.length && (char === "?" || char === text[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[p] === "*") p++;
  return p === pattern.length;
}
