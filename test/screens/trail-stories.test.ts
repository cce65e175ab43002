import { expect, test } from "vitest";
import { filterLanguage } from "../../src/commands/filter-language.ts";
import { PANES } from "../../src/panes/registry.ts";
import { openExplorer } from "../support/explorer.ts";
import { type DemoScreen, demoScreens, twoOfAll } from "../support/demo-screens.ts";
import { demoEngine } from "../support/demo-engine.ts";

const NGINX = ":trail deploy/nginx -n demo\r";
/** The latest roll-out is shown first. */
const FIRST = [NGINX, "[", "[", "[", "["];
const STORIES: readonly DemoScreen[] = [
  { name: "trail-story", keys: [...FIRST], shows: /alice@example\.com|…/ },
  { name: "trail-lanes", keys: [...FIRST, "v"], shows: /✖403 get q4wl6/ },
  { name: "trail-lanes-zoomed", keys: [...FIRST, "v", "z", "z", "j", "j"], shows: /zoom ×4/ },
  { name: "trail-second-rollout", keys: [...FIRST, "]", "v"], shows: /Roll-out 2\/5/ },
  { name: "trail-the-end", keys: [...FIRST, "]", "]", "]", "]", "]", "v"], shows: /The end/ },
  { name: "trail-tree", keys: [...FIRST, "v", "v", "j", "j"], shows: /q4wl6/ },
  { name: "trail-rollouts", keys: [...FIRST, "V"], shows: /1\.27-typo|…/ },
  { name: "trail-side-by-side", keys: [...FIRST, "]", "="], shows: /A {2}Roll-out 1\/5[^]*B {2}Roll-out 2\/5/ },
  { name: "why-rolled-out", keys: [":why pod/nginx-7cd5cff77d-q4wl6 -n demo\r"], shows: /replaced by a roll-out/ },
  { name: "why-scaled-down", keys: [...FIRST, ":why pod/nginx-857899445-7x5j6 -n demo\r"], shows: /alice@example\.com/ },
  { name: "why-from-the-trail", keys: [...FIRST, "W"], shows: /deleted by alice@example\.com/ },
  { name: "trail-latest-rollout", keys: [NGINX], shows: /Roll-out 5\/5/ },
  { name: "diff-of-an-image", keys: [...FIRST, "]", "D"], shows: /nginx:1\.25 → nginx:1\.26/ },
  { name: "diff-of-a-binding", keys: [...FIRST, ...Array.from({ length: 6 }, () => "j"), "D"], shows: /spec\.nodeName/ },
  { name: "object-of-a-step", keys: [...FIRST, "]", "I"], shows: /image nginx:1\.25 → ng/ },
  {
    name: "object-of-two-times",
    keys: [":object cm/db-config -n demo\r", "[", "=", "["],
    shows: /data\.max_connections +100 → 250/,
  },
  { name: "diff-of-a-create", keys: [...FIRST, "D"], shows: /created the object/ },
];
demoScreens("the life of a Deployment, why things are gone, what requests changed", null, twoOfAll, STORIES);

test("lanes without Unicode are drawn in ASCII", async () => {
    const engine = await demoEngine();
    const environment = { TERM: "vt100", LANG: "C" };
    const explorer = await openExplorer({ engine, panes: PANES, language: filterLanguage, environment });
    await explorer.press(...FIRST, "v");
    expect(explorer.text()).toMatch(/^[\n\x20-\x7e]*$/);
    expect(explorer.text()).toMatch(/CPod q4wl6|C.*created with 2 replicas/);
    await explorer.close();
  });
