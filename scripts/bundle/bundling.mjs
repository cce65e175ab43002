// How the program is bundled: for dist/ by build.mjs, for real terminals in tests by test/support/bundle.ts.
import { readFileSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(dirname(here));
const require = createRequire(import.meta.url);
const yoga = dirname(dirname(require.resolve("yoga-layout")));
const yogaBinary = join(yoga, "binaries/yoga-wasm-base64-esm.js");
const WASM = /"data:application\/octet-stream;base64,([A-Za-z0-9+/=]+)"/;

const standIn = (name) => ({ path: join(here, "stand-ins", name) });
const builtin = (name) => ({ path: name, external: true });

/** What stands in for the parts of our dependencies that would make starting slow, and what these stand-ins ask for. */
const STAND_INS = new Map([
  ["yoga-layout", standIn("yoga-layout.mjs")],
  ["yoga-layout/binary", { path: yogaBinary }],
  ["yoga-layout/wasm", { path: yogaBinary, namespace: "wasm" }],
  ["yoga-layout/wrap", { path: join(yoga, "src/wrapAssembly.js") }],
  ["yoga-layout/enums", { path: join(yoga, "src/generated/YGEnums.js") }],
  ["string-width", standIn("string-width.mjs")],
  ["string-width/original", { path: require.resolve("string-width") }],
  ["child_process", standIn("child-process.mjs")],
  ["node:child_process", standIn("child-process.mjs")],
  ["node:child_process/original", builtin("node:child_process")],
  ["re2js", standIn("re2js.mjs")],
  ["re2js/original", { path: require.resolve("re2js") }],
  ["./ErrorOverview.js", standIn("error-overview.mjs")],
  ["environment", standIn("environment.mjs")],
  ["assert", standIn("assert.mjs")],
  ["react-devtools-core", standIn("empty-module.mjs")],
]);

const SHARED = /^react(\/|$)/;

/**
 * Imports of Node's and React's CommonJS modules read what they name, once. esbuild would copy every property of such a module for
 * every file that imports it, at every start.
 */
const plainImports = {
  name: "plain-imports",
  setup(build) {
    build.onResolve({ filter: /^(node:)?[a-z_]+(\/[a-z-]+)?$/ }, ({ kind, path }) =>
      kind === "import-statement" && (isBuiltin(path) || SHARED.test(path))
        ? { path, namespace: "plain-import", sideEffects: false }
        : undefined,
    );
    build.onLoad({ filter: /./, namespace: "plain-import" }, ({ path }) => ({
      contents: [
        `const all = require(${JSON.stringify(path)});`,
        "export default all;",
        ...Object.keys(require(path))
          .filter((name) => /^[A-Za-z_$][\w$]*$/.test(name) && name !== "default")
          .map(
            (name) => `const own_${name} = /* @__PURE__ */ (() => all.${name})(); export { own_${name} as ${name} };`,
          ),
      ].join("\n"),
      resolveDir: root,
    }));
  },
};

const lightStart = {
  name: "light-start",
  setup(build) {
    build.onResolve({ filter: /^[a-z@.]/ }, ({ path }) => STAND_INS.get(path));
    build.onLoad({ filter: /yoga-wasm-base64-esm\.js$/, namespace: "file" }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replace(WASM, '""').replaceAll("import.meta.url", '""'),
      loader: "js",
    }));
    build.onLoad({ filter: /./, namespace: "wasm" }, ({ path }) => ({
      contents: Buffer.from(WASM.exec(readFileSync(path, "utf8"))[1], "base64"),
      loader: "binary",
    }));
    // A branch for React's developer tools awaits at the top level, which CommonJS cannot.
    build.onLoad({ filter: /ink\/build\/reconciler\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replaceAll("process.env['DEV']", '"false"'),
      loader: "js",
    }));
  },
};

/** What every bundle has in common. */
export const bundling = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  target: "node22",
  define: { "process.env.NODE_ENV": '"production"', "Intl.Segmenter": "LazySegmenter" },
  inject: [standIn("segmenter.mjs").path],
  plugins: [lightStart, plainImports],
  logLevel: "warning",
};
