/** Depth-first order of a forest with the strokes that draw it. Cycles and missing owners don't hang it: such nodes are roots. */

export interface TreeRow<Node> {
  readonly node: Node;
  /** "│  ├─ "; the ASCII screen replaces the strokes. */
  readonly strokes: string;
  readonly depth: number;
}

export function treeRows<Node>(
  nodes: readonly Node[],
  idOf: (node: Node) => string,
  ownerOf: (node: Node) => string | null,
): TreeRow<Node>[] {
  const known = new Map(nodes.map((node) => [idOf(node), node]));
  const children = new Map<string, Node[]>();
  const roots: Node[] = [];
  for (const node of nodes) {
    const owner = ownerOf(node);
    if (owner === null || owner === idOf(node) || !known.has(owner)) roots.push(node);
    else {
      const siblings = children.get(owner);
      if (siblings === undefined) children.set(owner, [node]);
      else siblings.push(node);
    }
  }
  const rows: TreeRow<Node>[] = [];
  const seen = new Set<string>();
  const visit = (node: Node, strokes: string, below: string, depth: number): void => {
    const id = idOf(node);
    if (seen.has(id)) return;
    seen.add(id);
    rows.push({ node, strokes, depth });
    const own = children.get(id) ?? [];
    for (const [at, child] of own.entries()) {
      const isLast = at === own.length - 1;
      visit(child, `${below}${isLast ? "└─ " : "├─ "}`, `${below}${isLast ? "   " : "│  "}`, depth + 1);
    }
  };
  for (const root of roots) visit(root, "", "", 0);
  for (const node of nodes) visit(node, "", "", 0);
  return rows;
}
