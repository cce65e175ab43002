/** What exec and attach run: words of a shell where they need quotes; "" where the URI tells none. */
export function execCommand(uri: string): string {
  const query = uri.indexOf("?");
  if (query < 0 || !uri.includes("command=", query)) return "";
  const words = new URLSearchParams(uri.slice(query + 1)).getAll("command");
  return words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`))
    .join(" ");
}
