import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { atEnd } from "./cleanup.js";

/** A private key and its certificate, as PEM. */
export interface Credentials {
  readonly key: string;
  readonly cert: string;
}

/** When a certificate is valid, in days from now. */
export interface Validity {
  readonly from: number;
  readonly to: number;
}

export interface Authority {
  /** The file with the root certificate, for `NODE_EXTRA_CA_CERTS`. */
  readonly root: string;
  issue(names: readonly string[], validity?: Validity): Promise<Credentials>;
}

const KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

/** A company's own certificate authority, made with openssl; gone when the tests of the file have ended. */
export async function makeAuthority(): Promise<Authority> {
  const folder = mkdtempSync(join(tmpdir(), "meshauth-ca-"));
  atEnd(() => rmSync(folder, { recursive: true, force: true }));
  const at = (name: string): string => join(folder, name);
  const openssl = (...args: readonly string[]) => promisify(execFile)("openssl", args);
  writeFileSync(at("index.txt"), "");
  writeFileSync(
    at("ca.cnf"),
    [
      ...["[ca]", "default_ca = own", "[own]", `database = ${at("index.txt")}`, `new_certs_dir = ${folder}`],
      ...[`certificate = ${at("root.pem")}`, `private_key = ${at("root.key")}`, "rand_serial = yes"],
      ...["default_md = sha256", "policy = any", "unique_subject = no", "copy_extensions = copyall"],
      ...["[any]", "commonName = supplied", ""],
    ].join("\n"),
  );
  await openssl(
    ...["req", "-x509", ...KEY, "-keyout", at("root.key"), "-out", at("root.pem")],
    ...["-days", "2", "-subj", "/CN=Made-up root"],
  );
  let count = 0;
  // openssl counts its certificates in a file: one at a time.
  let last: Promise<unknown> = Promise.resolve();
  return {
    root: at("root.pem"),
    issue(names, validity = { from: -1, to: 2 }) {
      const name = `${++count}`;
      const issued = last.then(async () => {
        const subject = `subjectAltName=${names.map((host) => `DNS:${host}`).join(",")}`;
        await openssl(
          ...["req", ...KEY, "-keyout", at(`${name}.key`), "-out", at(`${name}.csr`)],
          ...["-subj", `/CN=${names[0]}`, "-addext", subject],
        );
        await openssl(
          ...["ca", "-batch", "-notext", "-config", at("ca.cnf"), "-in", at(`${name}.csr`)],
          ...["-out", at(`${name}.pem`), "-startdate", day(validity.from), "-enddate", day(validity.to)],
        );
        return {
          key: readFileSync(at(`${name}.key`), "utf8"),
          cert: readFileSync(at(`${name}.pem`), "utf8"),
        };
      });
      last = issued.catch(() => undefined);
      return issued;
    },
  };
}

/** A time as certificates have it. */
function day(offset: number): string {
  const time = new Date(Date.now() + offset * 86_400_000).toISOString();
  return `${time.replace(/[-:T]/g, "").slice(0, 14)}Z`;
}
