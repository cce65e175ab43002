// docs/tour.svg: the README's tour, played in a real terminal (tmux) on the bundled log. Run it when the screens have changed: npm run tour
import { writeFileSync } from "node:fs";
import { Tmux } from "../test/support/tmux.ts";

const [COLUMNS, ROWS] = [110, 30];
const [CELL, LINE, PAD] = [8, 17, 10];
const SECONDS = 5;

/** What is typed, and what is on the screen then. */
const STEPS: readonly (readonly [keys: readonly string[], shows: string])[] = [
  [[], "8,819 requests"],
  [["3", "j", "j", "j"], "403 Forbidden"],
  [["8"], "secrets"],
  [[":", "trail deploy/nginx -n demo", "Enter"], "nginx"],
  [[":", "why pod/nginx-857899445-7x5j6 -n demo", "Enter"], "scaled"],
];

const COLOURS: Readonly<Record<number, string>> = {
  30: "#3b4252",
  31: "#f07178",
  32: "#a3be8c",
  33: "#ebcb8b",
  34: "#81a1c1",
  35: "#b48ead",
  36: "#88c0d0",
  37: "#d8dee9",
  90: "#6b7689",
  91: "#ff8b92",
  92: "#b9d7a0",
  93: "#ffdf9e",
  94: "#9dbbe0",
  95: "#cfa8cf",
  96: "#a3dbe8",
  97: "#ffffff",
};

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** Of a colour of the terminal's 256. */
function colourOf(index: number): string {
  if (index < 16) return COLOURS[index < 8 ? 30 + index : 82 + index] ?? "#d8dee9";
  if (index >= 232) return `rgb(${[0, 0, 0].map(() => 8 + (index - 232) * 10).join()})`;
  const cube = [Math.floor((index - 16) / 36), Math.floor((index - 16) / 6) % 6, (index - 16) % 6];
  return `rgb(${cube.map((part) => (part === 0 ? 0 : 55 + part * 40)).join()})`;
}

/** One line of a captured screen as text elements, a run of one look each. */
function lineSvg(line: string, row: number): string {
  let colour = "#d8dee9";
  let weight = "";
  let column = 0;
  let result = "";
  for (const [, codes, text] of line.matchAll(/\u001b\[([\d;]*)m|([^\u001b]+)/g)) {
    if (text !== undefined) {
      if (text.trim() !== "")
        result += `<text x="${PAD + column * CELL}" y="${PAD + (row + 1) * LINE - 4}" fill="${colour}"${weight} textLength="${[...text].length * CELL}">${escaped(text)}</text>`;
      column += [...text].length;
      continue;
    }
    const numbers = (codes ?? "").split(";").map(Number);
    for (let at = 0; at < numbers.length; at += 1) {
      const code = numbers[at] ?? 0;
      if (code === 0) [colour, weight] = ["#d8dee9", ""];
      else if (code === 1) weight = ' font-weight="bold"';
      else if (code === 39) colour = "#d8dee9";
      else if (code === 38 && numbers[at + 1] === 5) [colour, at] = [colourOf(numbers[at + 2] ?? 0), at + 2];
      else if (code === 38 && numbers[at + 1] === 2)
        [colour, at] = [`rgb(${numbers.slice(at + 2, at + 5).join()})`, at + 4];
      else if (code === 48) at += numbers[at + 1] === 5 ? 2 : 4;
      else colour = COLOURS[code] ?? colour;
    }
  }
  return result;
}

async function framesOf(): Promise<readonly string[]> {
  const tmux = new Tmux("tour", COLUMNS, ROWS, { TZ: "UTC", COLORTERM: "truecolor" });
  try {
    tmux.type(`clear; exec ${process.execPath} bin/ktrail.js fixtures/demo --tz utc --no-state --theme dark`);
    tmux.send("Enter");
    const frames: string[] = [];
    for (const [keys, shows] of STEPS) {
      for (const key of keys) {
        if (key.length === 1 || key === "Enter") tmux.send(key);
        else tmux.type(key);
      }
      await tmux.until(shows, (screen) => screen.includes(shows) && screen.includes("? help"));
      frames.push(tmux.colored());
    }
    return frames;
  } finally {
    tmux.close();
  }
}

const frames = await framesOf();
const [width, height, whole] = [COLUMNS * CELL + 2 * PAD, ROWS * LINE + 2 * PAD, frames.length * SECONDS];
const shown = 100 / frames.length;
const pictures = frames.map((frame, at) => {
  const lines = frame.split("\n").slice(0, ROWS).map(lineSvg).join("\n");
  return `<g class="f" style="animation-delay:${at * SECONDS}s">\n${lines}\n</g>`;
});
writeFileSync(
  "docs/tour.svg",
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="ktrail on its bundled log">
<style>text{font:13px ui-monospace,Menlo,Consolas,monospace;white-space:pre}.f{opacity:0;animation:f ${whole}s infinite}.f:first-of-type{opacity:1}@keyframes f{0%,${shown - 0.01}%{opacity:1}${shown}%,100%{opacity:0}}@media (prefers-reduced-motion:reduce){.f{animation:none}}</style>
<rect width="${width}" height="${height}" rx="8" fill="#1b1f27"/>
${pictures.join("\n")}
</svg>
`,
);
