/** Typed letter by letter: words, parts of names, two words, nothing that is there, one letter that is everywhere. */
const TYPED = [
  "checkout",
  "ngnix",
  "team-12/cart",
  "billing 7f pods",
  "web-a9",
  "e",
  "kube-system",
  "zzzzzz",
  "a b c d",
];

/** What stands in the finder after each key. */
export const TYPED_KEYS: readonly string[] = TYPED.flatMap((text) =>
  Array.from(text, (_, end) => text.slice(0, end + 1)),
);
