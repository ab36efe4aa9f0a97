import { existsSync, lstatSync, readdirSync, readFileSync } from "node:fs";
import { get } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { expect } from "vitest";
import { until } from "./wait.js";

/** The link of a browser login, as it is printed. */
export const LINK: RegExp = /^(https?:\/\/\S+\/login\?\S+)$/m;

/** The address that a login's link asks the provider to come back to. */
export function callbackOf(link: string): URL {
  return new URL(Buffer.from(new URL(link).searchParams.get("source") ?? "", "base64url").toString());
}

/**
 * Opens a callback address as a browser's navigation does, and then the result page, if there is one; for
 * `fetch` it would be a script's request.
 *
 * @returns the status of the first answer.
 */
export async function open(address: string | URL): Promise<number> {
  const { status, location } = await request(new URL(address));
  // That the result page can be had is for other tests to say.
  if (location !== undefined) await request(new URL(location, address)).catch(() => undefined);
  return status;
}

function request(address: URL): Promise<{ status: number; location: string | undefined }> {
  return new Promise((resolve, reject) => {
    get(address, (response) => {
      const { statusCode: status = 0, headers } = response;
      response.resume().once("end", () => resolve({ status, location: headers.location }));
    }).once("error", reject);
  });
}

/** Whether anything accepts connections on the port, on either family of loopback. */
export async function isListening(port: number): Promise<boolean> {
  const answers = await Promise.all(
    ["127.0.0.1", "::1"].map(
      (host) =>
        new Promise<boolean>((resolve) => {
          const socket = connect({ host, port });
          socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
          socket.once("connect", () => socket.destroy());
        }),
    ),
  );
  return answers.includes(true);
}

/** Waits until nothing listens on the port. */
export function freed(port: number): Promise<void> {
  return until(
    async () => !(await isListening(port)),
    8_000,
    () => `Port ${port} stays open.`,
  );
}

/** Everything in a folder: for each path what it is, its mode, time and bytes. */
export function snapshot(folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  function visit(path: string, name: string): void {
    const { mode, mtimeMs } = lstatSync(path);
    const entries = readEntries(path);
    // A folder's time changes with a temporary file in it, which may come and go.
    if (entries === undefined) {
      found[name] = `${mode.toString(8)} ${mtimeMs} ${readFileSync(path).toString("base64")}`;
      return;
    }
    found[`${name}/`] = mode.toString(8);
    for (const entry of entries) visit(join(path, entry), `${name}/${entry}`);
  }
  if (existsSync(folder)) visit(folder, ".");
  return found;
}

function readEntries(path: string): string[] | undefined {
  return lstatSync(path).isDirectory() ? readdirSync(path) : undefined;
}

/** The parts of a secret that must not be printed, each long enough not to occur by chance. */
export function partsOf(secret: string): string[] {
  const parts: string[] = [];
  for (let start = 0; start + 24 <= secret.length; start += 24) parts.push(secret.slice(start, start + 24));
  return parts;
}

/** Checks that no part of a secret is in a text, line breaks and escape sequences left out. */
export function expectWithout(secret: string, text: string): void {
  const bare = text.replace(/\u001b\[[?\d;]*[@-~]/g, "").replace(/\s/g, "");
  expect(partsOf(secret).filter((part) => bare.includes(part))).toEqual([]);
}
