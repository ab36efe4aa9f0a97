import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";

const run = promisify(execFile);
const KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

export function hasOpenssl(): boolean {
  try {
    execFileSync("openssl", ["version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

export interface Credentials {
  readonly key: string;
  readonly cert: string;
}

export interface Authority {
  readonly folder: string;
  root(): Promise<string>;
  leaf(host: string, days?: number): Promise<Credentials>;
  selfSigned(host: string): Promise<Credentials>;
}

/** A private certificate authority: in a folder that ends with the test, or in one where another process made it. */
export function authority(folder?: string): Authority {
  const home = folder ?? mkdtempSync(join(tmpdir(), "meshauth-ca-"));
  if (folder === undefined) onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const file = (name: string): string => join(home, name);
  let made: Promise<unknown> | undefined = folder === undefined ? undefined : Promise.resolve();
  let count = 0;

  const root = async (): Promise<string> => {
    made ??= run("openssl", [
      ...["req", "-x509", ...KEY, "-keyout", file("ca.key"), "-out", file("ca.pem")],
      ...["-days", "2", "-subj", "/CN=Test root"],
    ]);
    await made;
    return readFile(file("ca.pem"), "utf8");
  };

  return {
    folder: home,
    root,
    async leaf(host, days = 2) {
      await root();
      count += 1;
      const name = `${process.pid}-${count}`;
      await run("openssl", [
        ...["req", ...KEY, "-keyout", file(`${name}.key`), "-out", file(`${name}.csr`)],
        ...["-subj", `/CN=${host}`, "-addext", `subjectAltName=DNS:${host}`],
      ]);
      await run("openssl", [
        ...["x509", "-req", "-in", file(`${name}.csr`), "-CA", file("ca.pem"), "-CAkey", file("ca.key")],
        ...["-days", String(days), "-copy_extensions", "copyall", "-out", file(`${name}.pem`)],
      ]);
      return {
        key: await readFile(file(`${name}.key`), "utf8"),
        cert: await readFile(file(`${name}.pem`), "utf8"),
      };
    },
    async selfSigned(host) {
      await run("openssl", [
        ...["req", "-x509", ...KEY, "-keyout", file("self.key"), "-out", file("self.pem"), "-days", "2"],
        ...["-subj", `/CN=${host}`, "-addext", `subjectAltName=DNS:${host}`],
      ]);
      return {
        key: await readFile(file("self.key"), "utf8"),
        cert: await readFile(file("self.pem"), "utf8"),
      };
    },
  };
}
