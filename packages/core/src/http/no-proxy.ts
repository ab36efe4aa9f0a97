import { BlockList, isIP } from "node:net";

/**
 * Whether `NO_PROXY` exempts a host, by Go's rules, so that mesheryctl and meshauth take the same way: a
 * name covers its subdomains too, `.name` and `*.name` cover only those, addresses and CIDR ranges are
 * compared as such, any entry may end in a port, and `*` alone exempts everything.
 *
 * @param hostname - Without brackets.
 */
export function isExempt(noProxy: string, hostname: string, port: string): boolean {
  const host = hostname.toLowerCase().replace(/\.$/, "");
  return noProxy
    .toLowerCase()
    .split(/[,\s]+/)
    .some((entry) => entry !== "" && matches(entry, host, port));
}

function matches(entry: string, host: string, port: string): boolean {
  if (entry === "*") return true;
  if (entry.includes("/")) return inRange(entry, host);
  const { name, port: wanted } = splitPort(entry);
  if (wanted !== undefined && wanted !== port) return false;
  if (isIP(name) !== 0) return isIP(host) !== 0 && inRange(`${name}/${isIP(name) === 6 ? 128 : 32}`, host);
  const domain = name.replace(/^\*\./, ".");
  if (domain.startsWith(".")) return domain.length > 1 && host.endsWith(domain);
  return host === domain || host.endsWith(`.${domain}`);
}

function splitPort(entry: string): { name: string; port?: string } {
  const bracketed = /^\[(.+)\](?::(\d+))?$/.exec(entry);
  const plain = /^([^:]+):(\d+)$/.exec(entry);
  const [, name = entry, port] = bracketed ?? plain ?? [];
  return port === undefined ? { name } : { name, port };
}

function inRange(range: string, host: string): boolean {
  const [network = "", prefix = ""] = range.split("/");
  const family = isIP(network) === 6 ? "ipv6" : "ipv4";
  if (isIP(network) === 0 || isIP(host) === 0 || !/^\d{1,3}$/.test(prefix)) return false;
  if (Number(prefix) > (family === "ipv6" ? 128 : 32)) return false;
  const list = new BlockList();
  list.addSubnet(network, Number(prefix), family);
  return list.check(host, isIP(host) === 6 ? "ipv6" : "ipv4");
}
