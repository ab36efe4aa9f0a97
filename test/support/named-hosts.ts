import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { because, canMount, works } from "./installed.js";
import { makeHome } from "./program.js";
import { startTinyproxy, type Tinyproxy, type TinyproxyOptions } from "./tinyproxy.js";

const OPENSSL = [works("openssl", "version"), "openssl is"] as const;

/** Why hosts cannot be given names here. */
export const noNames: string | undefined = because([canMount, "the right to mount is"]);

/** Why there is no TLS to test with. */
export const noTls: string | undefined = because(OPENSSL);

/** Why nothing can go through a proxy, with TLS and without it. */
export const noProxy: string | undefined = because(
  [canMount, "the right to mount is"],
  [works("tinyproxy", "-v"), "tinyproxy is"],
  OPENSSL,
);

/** A title that says why its tests do not run. */
export const named = (title: string, missing: string | undefined): string =>
  missing === undefined ? title : `${title} (${missing})`;

/** Hosts that are not called loopback, so that they go through a proxy; each is this machine. */
const HOSTS = [
  "127.0.0.1 localhost meshery.test other.test four.test both.test wrong.test refused.test",
  "::1 six.test both.test",
  "",
].join("\n");

const files = makeHome();
const hosts = join(files.path, "hosts");
writeFileSync(hosts, HOSTS);

/** The words before a command that knows hosts ending in `.test`, each of which is this machine. */
export const WITH_HOSTS = [
  "unshare",
  "-m",
  "sh",
  "-c",
  'mount --bind "$0" /etc/hosts && exec "$@"',
  hosts,
] as const;

/** A tinyproxy that can resolve them. */
export const tinyproxy = (options: TinyproxyOptions = {}): Promise<Tinyproxy> =>
  startTinyproxy({ ...options, prefix: WITH_HOSTS });

/** The environment of who goes through a proxy. */
export const through = (proxy: string): Record<string, string> => ({ HTTP_PROXY: proxy, https_proxy: proxy });
