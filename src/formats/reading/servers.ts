/** More API servers than any control plane's logs name in one input: further names are not told apart. */
const MAX_SERVERS = 1024;

/** The API servers that one input names. */
export class Servers {
  private readonly names = new Set<string>();

  /** The name, or "" when there are too many. */
  known(name: string): string {
    if (this.names.has(name)) return name;
    if (this.names.size >= MAX_SERVERS) return "";
    this.names.add(name);
    return name;
  }
}
