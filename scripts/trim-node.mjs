// npm's package `node` brings the C++ headers that native modules are compiled with: 67 MB that nothing here needs.
import { globSync, rmSync } from "node:fs";

for (const headers of globSync("node_modules/node/node_modules/*/include")) rmSync(headers, { recursive: true });
