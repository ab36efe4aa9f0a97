// What is printed about one version of Node, and what is judged of it.
import { duration, table } from "./table.mjs";
import { TARGETS, verdict } from "./verdict.mjs";

/** What has to be hot in memory too. */
const HOT = ["--version", "token", "credential get"];

const MANY = "100";

/** @returns `{name, value, target}` of everything that has a target. */
export function judged({ commands, providers, resources, crowd }) {
  return [
    ...commands.map(({ name, ratio, target }) => ({ name, value: ratio, target })),
    ...providers.flatMap(({ name, ratios }) =>
      ratios[MANY] === undefined
        ? []
        : [{ name: `${name}, ${MANY} providers to none`, value: ratios[MANY], target: TARGETS.providers }],
    ),
    ...resources.commands
      .filter(({ name, memory }) => HOT.includes(name) && memory !== undefined)
      .map(({ name, memory }) => ({ name: `${name}, MiB`, value: memory, target: TARGETS.memory })),
    ...(crowd === undefined
      ? []
      : [{ name: `token, ${crowd.processes} at once`, value: crowd.ratio, target: TARGETS.crowd }]),
  ];
}

/** @returns The tables about one version of Node. */
export function report(result) {
  const { node, system, floor, commands, providers, peers } = result;
  const [bare, spread] = duration(floor);
  const parts = [
    `Node ${node}, ${system}. Bare Node takes ${bare} ms (${spread}). Medians of ${commands[0].runs} rounds.\n`,
    commandTable(result),
    providers.length > 0 && `Times the same with no other providers:\n\n${providerTable(providers)}`,
    `Peak memory and opened files, more than those of bare Node:\n\n${resourceTable(result)}`,
    peers.length > 0 && `Others:\n\n${peerTable(peers)}`,
    result.crowd && crowdText(result.crowd),
  ];
  return parts.filter(Boolean).join("\n");
}

function commandTable({ commands }) {
  const head = ["command", "ms", "10 % to 90 %", "floor", "ratio", "target", "reached"];
  const rows = commands.map((command) => [
    command.name,
    ...duration(command),
    command.floor.toFixed(1),
    command.ratio.toFixed(2),
    ...verdict(command.ratio, command.target),
  ]);
  return table([head, ...rows]);
}

function providerTable(providers) {
  const counts = Object.keys(providers[0].ratios);
  const head = ["command", "ms", ...counts, "target", "reached"];
  const rows = providers.map(({ name, none, ratios }) => [
    name,
    none.toFixed(1),
    ...counts.map((count) => ratios[count].toFixed(2)),
    ...(ratios[MANY] === undefined ? ["", ""] : verdict(ratios[MANY], TARGETS.providers)),
  ]);
  return table([head, ...rows]);
}

function resourceTable({ resources: { bare, commands } }) {
  const shown = (value) => (value === undefined ? "-" : `${value}`);
  const rows = commands.map(({ name, memory, files }) => [
    name,
    shown(memory),
    shown(files),
    ...(HOT.includes(name) && memory !== undefined ? verdict(memory, TARGETS.memory) : ["", ""]),
  ]);
  const head = ["command", "MiB", "files", "target, MiB", "reached"];
  return table([head, ["(bare Node has)", shown(bare.memory), shown(bare.files), "", ""], ...rows]);
}

function peerTable(peers) {
  const rows = peers.map((peer) => [peer.name, ...duration(peer), peer.ratio.toFixed(2)]);
  return table([["command", "ms", "10 % to 90 %", "ratio"], ...rows]);
}

function crowdText({ processes, one, all, fresh, bare, ratio }) {
  const head = ["at once", "ms", "ratio", "target", "reached"];
  const times = (ms) => (ms / one).toFixed(2);
  return `An ended token, renewed once:\n\n${table([
    head,
    ["1 token", one.toFixed(0), "1.00", "", ""],
    [`${processes} token`, all.toFixed(0), ratio.toFixed(2), ...verdict(ratio, TARGETS.crowd)],
    [`${processes} token, nothing to renew`, fresh.toFixed(0), times(fresh), "", ""],
    [`${processes} bare Node`, bare.toFixed(0), times(bare), "", ""],
  ])}`;
}
