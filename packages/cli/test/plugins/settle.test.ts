import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, readlink, realpath, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { openSession } from "../../src/loader/index.js";
import { changePlugins } from "../../src/plugins/change.js";
import { lookWhole, undoDead } from "../../src/plugins/settle.js";
import { takeSnapshot } from "../../src/plugins/snapshot.js";
import { standingNow, standingOf } from "../../src/trust/standing.js";
import { recordConsent } from "../support/consent.js";
import {
  commands,
  createLoginCommand,
  type ProgramFolder,
  programFolder,
} from "../support/program-folder.js";
import { placePlugin, write } from "../support/provider-package.js";

/** A data folder with a list. */
async function place(): Promise<{ dataDir: string; uid: undefined }> {
  const dataDir = await realpath(await mkdtemp(join(tmpdir(), "meshauth-settle-")));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  await writeFile(join(dataDir, "package.json"), "old");
  return { dataDir, uid: undefined };
}

const list = (dataDir: string) => readFile(join(dataDir, "package.json"), "utf8").catch(() => "none");

const isWhole = (seen: string) => seen !== "none";

/** What a process leaves that dies in the middle of a change. */
async function leaveChange(dataDir: string): Promise<void> {
  await takeSnapshot(dataDir);
  await rm(join(dataDir, "package.json"));
  await leaveLock(dataDir);
}

async function leaveLock(dataDir: string): Promise<void> {
  const child = spawn(process.execPath, ["--version"], { stdio: "ignore" });
  await new Promise((resolve) => child.on("close", resolve));
  const boot = await readFile("/proc/sys/kernel/random/boot_id", "latin1").catch(() => undefined);
  const namespace = await readlink("/proc/self/ns/pid").catch(() => undefined);
  const record = {
    pid: child.pid,
    boot: boot?.trim(),
    namespace,
    host: hostname(),
    program: "x",
    nonce: "x",
  };
  await write(join(dataDir, "plugins.lock"), record);
}

/** A change of this process that is under way until it is told to end. */
async function underWay(dataDir: string, result = "new"): Promise<{ end(): void; ended: Promise<void> }> {
  const [begun, done] = [new AbortController(), new AbortController()];
  const options = { dataDir, uid: undefined, signal: new AbortController().signal, say: () => undefined };
  const ended = changePlugins(options, async () => {
    await rm(join(dataDir, "package.json"));
    begun.abort();
    await aborted(done.signal);
    await writeFile(join(dataDir, "package.json"), result);
  });
  await aborted(begun.signal);
  return { end: () => done.abort(), ended };
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, "abort");
}

it("what a process left that died is undone", async () => {
  const at = await place();
  await leaveChange(at.dataDir);
  await undoDead(at);
  expect(await readdir(at.dataDir)).toEqual(["package.json"]);
  expect(await list(at.dataDir)).toBe("old");
});

it("a change that is under way is left alone", async () => {
  const at = await place();
  const change = await underWay(at.dataDir);
  await undoDead(at);
  expect(await list(at.dataDir)).toBe("none");
  change.end();
  await change.ended;
  expect(await list(at.dataDir)).toBe("new");
});

it("a folder in which no turn can be taken stays as it is, and nothing fails", async () => {
  const at = await place();
  await leaveChange(at.dataDir);
  await rm(join(at.dataDir, "plugins.lock"));
  await mkdir(join(at.dataDir, "plugins.lock"));
  await undoDead(at);
  expect(await lookWhole(at, () => list(at.dataDir), isWhole)).toBe("none");
});

it("what is missing while a change is under way is looked at again after it", async () => {
  const at = await place();
  const change = await underWay(at.dataDir);
  const seen: string[] = [];
  const look = async () => {
    seen.push(await list(at.dataDir));
    change.end();
    return seen.at(-1) ?? "";
  };
  expect(await lookWhole(at, look, isWhole)).toBe("new");
  expect(seen).toEqual(["none", "new"]);
  await change.ended;
});

it("what is whole is not waited for", async () => {
  const at = await place();
  const change = await underWay(at.dataDir);
  await writeFile(join(at.dataDir, "package.json"), "half way");
  const impatient = { ...at, signal: AbortSignal.abort() };
  expect(await lookWhole(impatient, () => list(at.dataDir), isWhole)).toBe("half way");
  change.end();
  await change.ended;
});

it("a wait ends with its signal, and gives the reason", async () => {
  const at = await place();
  const change = await underWay(at.dataDir);
  const leaving = new AbortController();
  const reason = new Error("Ctrl-C");
  const look = async () => {
    leaving.abort(reason);
    return "none";
  };
  await expect(lookWhole({ ...at, signal: leaving.signal }, look, isWhole)).rejects.toBe(reason);
  change.end();
  await change.ended;
});

it("a plugin that a dead process left half installed is as it was, and its lock delays nobody", async () => {
  const at = await place();
  await rm(join(at.dataDir, "package.json"));
  await placePlugin(at.dataDir, "acme-provider", "acme");
  await recordConsent(at.dataDir);
  await leaveChange(at.dataDir);
  await rm(join(at.dataDir, "node_modules"), { recursive: true });
  expect(await standingOf(at, "acme-provider")).toMatchObject({ state: "trusted" });
  await leaveLock(at.dataDir);
  await writeFile(join(at.dataDir, "node_modules/acme-provider/index.js"), "changed");
  const impatient = { ...at, signal: AbortSignal.abort() };
  expect(await standingOf(impatient, "acme-provider")).toMatchObject({ state: "changed" });
});

async function programWithPlugin(): Promise<ProgramFolder> {
  const folder = await programFolder();
  await placePlugin(folder.dataDir, "acme-provider", "acme");
  return folder;
}

const load = async ({ root }: ProgramFolder) =>
  (
    await openSession({
      root,
      env: {},
      commands,
      loginCommands: async () => createLoginCommand,
      configureCommands: async () => createLoginCommand,
    })
  ).registry;

it("a plugin that is missing since a process died is there again when the program starts", async () => {
  const folder = await programWithPlugin();
  await leaveChange(folder.dataDir);
  await rm(join(folder.dataDir, "node_modules"), { recursive: true });
  expect(await load(folder)).toMatchObject({ problems: [] });
  expect(await readdir(folder.dataDir)).toEqual(["node_modules", "package.json"]);
});

it("a plugin that is missing while another process changes it is waited for", async () => {
  const folder = await programWithPlugin();
  const text = await list(folder.dataDir);
  const change = await underWay(folder.dataDir, text);
  setTimeout(() => change.end(), 1_000);
  const { providers } = await load(folder);
  expect(providers.map(({ package: name }) => name)).toContain("acme-provider");
  await change.ended;
});

it.each(["../..", "..", ".", "", "a/../../b", "/etc"])(
  "%j is no plugin, and its files are not read",
  async (name) => {
    expect(await standingNow(await place(), name)).toEqual({
      state: "changed",
      record: undefined,
      reason: "Its name is none that npm would take.",
    });
  },
);
