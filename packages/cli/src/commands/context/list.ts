import { type ContextList, type ContextRow, listContexts, printable } from "@meshauth/core";
import { BaseCommand, TARGET_FLAGS, targetOf } from "../../base.js";
import { shortNameOf, stateText } from "../../login/state.js";
import { paint } from "../../terminal/color.js";

/** `context list`: the contexts of `config.yaml` and who is signed in for them. */
export default class ContextListCommand extends BaseCommand<ContextList> {
  static override summary = "List the contexts of config.yaml with the state of their logins.";
  static override description =
    "The context in force is marked. Nothing is asked of a server, and no file is touched. A current context that does not exist is told, and does not keep the others from being listed.";
  static override hiddenAliases = ["system:context:list"];
  static override examples = [
    "meshauth context list",
    "meshauth context list --config ./config.yaml",
    "meshauth context list --json",
  ];
  static override flags = { context: TARGET_FLAGS.context, config: TARGET_FLAGS.config };
  #notes: readonly string[] = [];

  override async run(): Promise<ContextList> {
    const { flags } = await this.parse(ContextListCommand);
    const { list, notes } = await listContexts(this.runtime(), targetOf(flags));
    this.#notes = notes;
    return list;
  }

  protected override render({ contexts, problems }: ContextList): void {
    const width = (pick: (row: ContextRow) => string): number =>
      Math.max(0, ...contexts.map((row) => pick(row).length));
    const [names, states, endpoints] = [width(nameOf), width(({ state }) => state), width(endpointOf)];
    for (const row of contexts) {
      const who = shortNameOf(row.account);
      const cells = [
        nameOf(row).padEnd(names),
        `${stateText(row.state)}${" ".repeat(states - row.state.length)}`,
        endpointOf(row).padEnd(endpoints),
        ...(row.provider === null ? [] : [row.provider]),
        ...(who === undefined ? [] : [who]),
        printable(row.file, 1000),
        ...(row.sharedWith.length === 0 ? [] : [`(also of ${namesOf(row.sharedWith)})`]),
        ...(row.problem === undefined ? [] : [`(${row.problem})`]),
      ];
      this.print(`${row.current ? "*" : " "} ${cells.join("  ")}`);
    }
    for (const note of this.#notes) this.say(note);
    for (const { message, next } of problems) {
      this.say(`${paint("yellow", `Warning: ${printable(message, 600)}`)} Next: ${printable(next)}`);
    }
  }
}

const nameOf = ({ name }: ContextRow): string => printable(name, 60);

const endpointOf = ({ endpoint }: ContextRow): string => endpoint ?? "(no address)";

/** Names of contexts for people. */
function namesOf(names: readonly string[]): string {
  return names.map((name) => printable(name, 60)).join(", ");
}
