// The person's own machine: opens an address, types a command line and opens the address again. Prints what came of it.
import { execFileSync, spawn } from "node:child_process";
import { get } from "node:http";

const [line, address] = process.argv.slice(2);
execFileSync("ip", ["link", "set", "lo", "up"]);
const before = await visit(address);
const tunnel = spawn("/bin/sh", ["-c", `exec ${line}`], { stdio: ["ignore", "ignore", "inherit"] });
let after = [];
try {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    after = await visit(address);
    if (after[0] !== "ECONNREFUSED" || tunnel.exitCode !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
} finally {
  tunnel.kill();
}
process.stdout.write(JSON.stringify({ before, after }));

/** Opens an address as a browser's navigation does. Gives the statuses of the redirects and of the page. */
async function visit(url) {
  try {
    const { status, location } = await request(url);
    return [status, ...(location ? await visit(new URL(location, url).href) : [])];
  } catch (error) {
    // Where both families of loopback were tried, the codes are in the errors inside.
    return [error.code ?? error.errors?.[0]?.code ?? error.message];
  }
}

function request(url) {
  const headers = {
    "sec-fetch-mode": "navigate",
    "sec-fetch-dest": "document",
    "sec-fetch-site": "cross-site",
  };
  return new Promise((resolve, reject) => {
    get(url, { agent: false, headers, timeout: 5_000 }, (response) => {
      response
        .resume()
        .once("end", () => resolve({ status: response.statusCode, location: response.headers.location }));
    })
      .once("timeout", () => reject(new Error("no answer")))
      .once("error", reject);
  });
}
