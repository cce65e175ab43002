import type { CliCommand } from "../contract.ts";

export const mcp: CliCommand = {
  name: "mcp",
  about:
    "the headless questions as tools for an assistant, over stdin and stdout (Model Context Protocol); read-only, masked, bounded",
  operands: [],
  options: ["format", "exec", "store", "passwordFile"],
  outputs: ["json"],
  examples: [["ktrail mcp /var/log/kubernetes/audit/", "as an assistant's configuration starts it (docs/mcp.md)"]],
  async serve(invocation, box) {
    const [{ answering }, { serve }] = await Promise.all([import("../session.ts"), import("../mcp/serve.ts")]);
    return serve(await answering(invocation, box), box);
  },
};
