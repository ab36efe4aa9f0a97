#!/usr/bin/env node
// Starts a simulated Meshery Server and cloud, and says how to use them.
import { parseArgs } from "node:util";
import { build, install } from "./setup.mjs";

const HELP = `Usage: npm run simulator -- [options]

  --era ERA              2021, 2024, 2026-04 or 2026-06 (default 2026-06)
  --server-port PORT     default 9081; 0 takes a free one
  --cloud-port PORT      default 9876; 0 takes a free one
  --fault NAME[=COUNT]   switch a fault on, for COUNT requests; may be repeated
  --signed-in            every browser already has a session at the cloud
  --list-faults          name the faults and leave
  --help
`;

const say = (text) => process.stdout.write(text);

function fail(text) {
  process.stderr.write(`${text}\n`);
  process.exitCode = 2;
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      era: { type: "string" },
      "server-port": { type: "string", default: "9081" },
      "cloud-port": { type: "string", default: "9876" },
      fault: { type: "string", multiple: true, default: [] },
      "signed-in": { type: "boolean", default: false },
      "list-faults": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  return values;
}

const isPort = (text) => /^\d{1,5}$/.test(text) && Number(text) <= 65535;

function usage({ server, cloud, remoteName, era }) {
  const people = cloud.users.map(
    ({ firstName, lastName, email }) => `  ${firstName} ${lastName}  ${email}\n`,
  );
  return `${`Meshery Server (${era})`.padEnd(24)} ${server.url}
${`Cloud "${remoteName}"`.padEnd(24)} ${cloud.url}

Sign in through the server:
  meshauth login layer5 --server ${server.url}
Sign in without it:
  meshauth login layer5 --provider-url ${cloud.url} --provider-name ${remoteName}
Make an API token and download it as auth.json:
  ${cloud.url}/security/tokens

People (every password works):
${people.join("")}
Nothing here leaves this computer. Ctrl-C ends it.
`;
}

async function main() {
  let values;
  try {
    values = readOptions();
  } catch (error) {
    return fail(`${error.message}\n\n${HELP}`);
  }
  if (values.help) return say(HELP);

  install();
  build();
  const { ERAS, FAULTS, isFaultName, startSimulator } = await import("@meshauth/meshery-simulator");
  if (values["list-faults"]) {
    return say(
      Object.entries(FAULTS)
        .map(([name, { summary }]) => `${name.padEnd(20)} ${summary}\n`)
        .join(""),
    );
  }
  const { era, "server-port": serverPort, "cloud-port": cloudPort } = values;
  if (era !== undefined && !ERAS.includes(era)) return fail(`--era is one of ${ERAS.join(", ")}.`);
  if (!isPort(serverPort) || !isPort(cloudPort)) return fail("A port is a number from 0 to 65535.");
  const faults = values.fault.map((text) => text.split("="));
  for (const [name, count] of faults) {
    if (!isFaultName(name)) return fail(`There is no fault "${name}"; --list-faults names them.`);
    if (count !== undefined && !/^[1-9]\d{0,5}$/.test(count)) return fail(`"${count}" is no count.`);
  }

  let simulator;
  try {
    simulator = await startSimulator({
      ...(era === undefined ? {} : { era }),
      serverPort: Number(serverPort),
      cloudPort: Number(cloudPort),
      signedIn: values["signed-in"],
    });
  } catch (error) {
    if (error.code !== "EADDRINUSE") throw error;
    return fail(`Port ${error.port} is taken; choose others with --server-port and --cloud-port, or 0.`);
  }
  for (const [name, count] of faults)
    simulator.faults.set(name, count === undefined ? undefined : Number(count));

  const leave = () => void simulator.close();
  process.once("SIGINT", leave);
  process.once("SIGTERM", leave);
  say(usage(simulator));
}

await main();
