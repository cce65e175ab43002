// The bill of materials of a build, CycloneDX 1.6 on stdout: the npm packages that are in the bundles and, with --node VERSION, the
// Node.js that the single file is made from. Reads dist/ and the lock file, nothing else: the same build, the same bill.
//   node scripts/sbom.mjs [--node 24.21.0]
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";

const { values } = parseArgs({ options: { node: { type: "string" } } });
const manifest = JSON.parse(readFileSync("package.json", "utf8"));
const lock = JSON.parse(readFileSync("package-lock.json", "utf8")).packages;
const contents = JSON.parse(readFileSync("dist/contents.json", "utf8"));

const purl = (name, version) => `pkg:npm/${name.replace("@", "%40")}@${version}`;
const licences = (license) => [
  /[()]| (?:OR|AND) /.test(license) ? { expression: license } : { license: { id: license } },
];

function component({ name, version, license, folder }) {
  const [algorithm, digest] = (lock[folder]?.integrity ?? "").split("-");
  return {
    type: "library",
    "bom-ref": purl(name, version),
    name,
    version,
    scope: "required",
    ...(algorithm === "sha512"
      ? { hashes: [{ alg: "SHA-512", content: Buffer.from(digest, "base64").toString("hex") }] }
      : {}),
    licenses: licences(license),
    purl: purl(name, version),
  };
}

const node = {
  type: "platform",
  "bom-ref": `pkg:generic/node@${values.node}`,
  name: "node",
  version: values.node,
  licenses: [{ license: { id: "MIT" } }],
  purl: `pkg:generic/node@${values.node}`,
};
const components = [...contents.map(component), ...(values.node === undefined ? [] : [node])];
const own = purl(manifest.name, manifest.version);
const bill = {
  $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
  bomFormat: "CycloneDX",
  specVersion: "1.6",
  version: 1,
  metadata: {
    component: {
      type: "application",
      "bom-ref": own,
      name: manifest.name,
      version: manifest.version,
      description: manifest.description,
      licenses: licences(manifest.license),
      purl: own,
    },
  },
  components,
  dependencies: [{ ref: own, dependsOn: components.map((each) => each["bom-ref"]) }],
};
process.stdout.write(`${JSON.stringify(bill, null, 2)}\n`);
