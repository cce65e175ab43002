import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test, vi } from "vitest";
import { commandNames } from "../../src/bytes/apiserver-name.ts";
import { commandSource, type CommandOptions } from "../../src/bytes/command-source.ts";
import { V1_CREATE, V1_LIST } from "../../src/formats/shape/sample-events.ts";
import { answered } from "../support/headless.ts";

const directory = mkdtempSync(join(tmpdir(), "ktrail-exec-"));
afterAll(() => rmSync(directory, { recursive: true }));

interface Ran {
  text: string;
  readonly notes: string[];
  fault: string | null;
}

/** Reads until the command ends, or `isEnough`. */
async function ran(
  command: string,
  options: Partial<CommandOptions> = {},
  isEnough = (_text: string): boolean => false,
): Promise<Ran> {
  const notes: string[] = [];
  const source = commandSource(command, {
    sniff: () => null,
    restart: "never",
    onNote: (text) => notes.push(text),
    pauseMs: 1,
    ...options,
  });
  const abort = new AbortController();
  const result: Ran = { text: "", notes, fault: null };
  for await (const chunk of source.chunks(abort.signal)) {
    result.text += Buffer.from(chunk).toString();
    if (isEnough(result.text)) abort.abort();
  }
  result.fault = source.fault;
  return result;
}

describe("a command", () => {
  test("is read to its end; what it says on stderr is shown", async () => {
    const { text, notes, fault } = await ran("echo one; echo 'oops \u001b[2J' >&2; echo two");
    expect(text).toBe("one\ntwo\n");
    expect(notes).toEqual([expect.stringMatching(/: oops \\u001b\[2J$/)]);
    expect(fault).toBeNull();
  });

  test("that fails says how, and with which last words", async () => {
    const { text, fault } = await ran("echo one; echo 'connection refused' >&2; exit 7");
    expect(text).toBe("one\n");
    expect(fault).toMatch(/exit code 7 \(connection refused\)$/);
    expect((await ran("kill -9 $$")).fault).toMatch(/ended by SIGKILL/);
    expect((await ran("no-such-program-at-all")).fault).toMatch(/exit code 127/);
  });

  test("is started again when it fails, with pauses that grow; half a line stays by itself", async () => {
    const counter = join(directory, "count");
    const command = `n=$(cat ${counter} 2>/dev/null || echo 0); echo $((n+1)) > ${counter}; printf "run $n"; exit 1`;
    const { text, notes } = await ran(command, { restart: "failed" }, (soFar) => soFar.includes("run 3"));
    expect(text).toMatch(/^run 0\nrun 1\nrun 2\nrun 3/);
    expect(notes.filter((note) => note.includes("started again"))).toHaveLength(3);
  });

  test("that ends well ends its input, unless it is followed", async () => {
    expect((await ran("echo x", { restart: "failed" })).text).toBe("x\n");
    const followed = await ran("echo x", { restart: "always" }, (soFar) => soFar.length >= 9);
    expect(followed.text).toMatch(/^x\n\nx\n\nx\n/);
  });

  test("is ended with all it has started", async () => {
    const pids = join(directory, "pids");
    await ran(`sh -c 'echo $$ > ${pids}; echo up; exec sleep 1000' | cat`, {}, (soFar) => soFar.includes("up"));
    const pid = Number(readFileSync(pids, "utf8"));
    await vi.waitFor(() => expect(existsSync(`/proc/${pid}`) && !/Z/.test(stateOf(pid))).toBe(false), {
      timeout: 5_000,
    });
  });
});

function stateOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8").split(" ")[2] ?? "";
  } catch {
    return "";
  }
}

test("commands are named by the words that tell them apart", () => {
  expect(commandNames(["ssh cp1 tail -F a"])).toEqual([""]);
  expect(commandNames(["ssh cp1 sudo tail -F a.log", "ssh cp2 sudo tail -F a.log"])).toEqual(["cp1", "cp2"]);
  expect(commandNames(["cat a", "cat a"])).toEqual(["command 1", "command 2"]);
});

describe("--exec", () => {
  const log = join(directory, "a.log");
  writeFileSync(log, `${V1_LIST}\n`);

  test("is an input like any other, each as its own API server", async () => {
    const other = join(directory, "b.log");
    writeFileSync(other, `${V1_CREATE}\n`);
    const { stdout, code } = await answered([
      "top",
      "--by",
      "apiserver",
      "-o",
      "json",
      "--exec",
      `cat ${log}`,
      "--exec",
      `cat ${other}`,
    ]);
    expect(code).toBe(0);
    const { rows } = JSON.parse(stdout) as { rows: { key: { apiserver: string } }[] };
    expect(rows.map(({ key }) => key.apiserver).toSorted()).toEqual([log, other]);
  });

  test("that fails is exit code 3; what it printed is there", async () => {
    const { stdout, stderr, code } = await answered([
      "events",
      "-o",
      "jsonl",
      "--exec",
      `cat ${log}; echo denied >&2; exit 1`,
    ]);
    expect(stdout.split("\n")).toHaveLength(2);
    expect(stderr).toMatch(/exit code 1 \(denied\)/);
    expect(code).toBe(3);
  });

  test("what it prints a second time is counted once", async () => {
    const { stdout } = await answered(["info", "-o", "json", "--exec", `cat ${log} ${log}`, log]);
    expect(JSON.parse(stdout)).toMatchObject({ events: 1, requests: 1 });
  });
});
