import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { MeshauthError } from "../errors/error.js";

/** Servers on one port of both loopback families, or of IPv4 alone where there is no IPv6. */
export interface Bound {
  readonly port: number;
  readonly servers: readonly Server[];
}

interface BindOptions {
  /** Asked for before each attempt; 0 lets the system choose. */
  readonly choosePort: () => number;
  /** Whether the port is the person's choice: then there is one attempt. */
  readonly fixed: boolean;
  /** What to do where a fixed port is not free; default: what helps against `--port`. */
  readonly next?: readonly string[];
  readonly addresses: { readonly v4: string; readonly v6: string };
}

const ATTEMPTS = 10;
const NO_IPV6: ReadonlySet<string | undefined> = new Set(["EADDRNOTAVAIL", "EAFNOSUPPORT", "EINVAL"]);

/**
 * Binds both families of loopback. `localhost` may mean either, so a port of which someone else holds the
 * IPv6 half is not used: it would get the callback.
 *
 * @throws {@link MeshauthError} `MESHAUTH_E_PORT_IN_USE` for a fixed port, else `MESHAUTH_E_NO_LOOPBACK`.
 */
export async function bindLoopback(create: () => Server, options: BindOptions): Promise<Bound> {
  let failure: unknown;
  for (let attempt = 0; attempt < (options.fixed ? 1 : ATTEMPTS); attempt += 1) {
    const port = options.choosePort();
    const result = await bindBoth(create, port, options.addresses);
    if ("servers" in result) return result;
    if (options.fixed) throw portInUse(port, result, options.next);
    failure = result.error;
    // The IPv4 half fails for want of loopback or of ports, which another attempt does not mend.
    if (result.address === options.addresses.v4 && errorCode(failure) !== "EADDRINUSE") break;
  }
  throw new MeshauthError("MESHAUTH_E_NO_LOOPBACK", { cause: failure });
}

interface BindFailure {
  readonly address: string;
  readonly error: unknown;
}

async function bindBoth(
  create: () => Server,
  wanted: number,
  { v4, v6 }: BindOptions["addresses"],
): Promise<Bound | BindFailure> {
  const first = create();
  try {
    await listen(first, v4, wanted);
  } catch (error) {
    return { address: v4, error };
  }
  const { port } = first.address() as AddressInfo;
  const second = create();
  try {
    await listen(second, v6, port);
    return { port, servers: [first, second] };
  } catch (error) {
    if (NO_IPV6.has(errorCode(error))) return { port, servers: [first] };
    await closeServer(first);
    return { address: v6, error };
  }
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port, exclusive: true, ipv6Only: host.includes(":") }, () => {
      server.off("error", reject);
      // Failures to accept, for want of file handles for instance, pass; they must not end the process.
      server.on("error", () => {});
      resolve();
    });
  });
}

/** Closes a server; resolves when its port is free. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function portInUse(
  port: number,
  { address, error }: BindFailure,
  next: readonly string[] | undefined,
): MeshauthError {
  const message = `Port ${port} is not free.`;
  const why =
    errorCode(error) === "EADDRINUSE"
      ? `Another program listens on port ${port} of ${address}.`
      : `The system does not let this program listen on port ${port} of ${address}.`;
  return new MeshauthError("MESHAUTH_E_PORT_IN_USE", {
    message,
    why,
    ...(next === undefined ? {} : { next }),
    cause: error,
  });
}

function errorCode(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | undefined)?.code;
}
