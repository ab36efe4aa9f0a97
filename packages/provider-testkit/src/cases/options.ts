import type { OptionSpec } from "@meshauth/provider-api";
import type { Bench } from "../bench/bench.js";
import type { Scene } from "../bench/scene.js";
import { CONTRACT } from "../contract.js";
import type { LoginExample } from "../definition.js";
import { failed, failedOrderly, failedWith, PASSED, skipped, tell, type Verdict } from "../verdict.js";
import { type Case, NEEDS_LOGIN } from "./case.js";

type Value = string | number | boolean;

/** What a person gives as options, leaves out, or gets wrong. */
export const OPTION_CASES: readonly Case[] = [
  {
    id: "options.required",
    title: "A login does without no option that is declared as required, and asks for none",
    contract: CONTRACT.required,
    needs: NEEDS_LOGIN,
    async run(bench) {
      const required = (bench.entry.options ?? []).filter((spec) => spec.required);
      if (required.length === 0) return skipped("The provider requires no option.");
      for (const { name } of required) {
        const scene = await bench.open();
        const record = await scene.run("login", { login: without(scene, name) });
        if (record.waits.some((wait) => ["ask", "confirm", "choose"].includes(wait))) {
          return failed(`it fails without the option ${name}`, "it asked a question");
        }
        if (failedWith(record.outcome, ["usage", "interaction", "input"])) continue;
        return failed(`it fails as usage without the option ${name}`, tell(record, scene));
      }
      return PASSED;
    },
  },
  {
    id: "options.optional",
    title: "Without an option that is not required a login works, or fails as it should",
    contract: CONTRACT.options,
    needs: NEEDS_LOGIN,
    async run(bench) {
      const given = Object.keys((await bench.example()).login.options ?? {});
      const optional = (bench.entry.options ?? []).filter(
        ({ name, required }) => !required && given.includes(name),
      );
      if (optional.length === 0) return skipped("The example gives no option that could be left out.");
      for (const { name } of optional) {
        const scene = await bench.open();
        const record = await scene.run("login", { login: without(scene, name) });
        if (record.outcome.kind === "done" || failedOrderly(record.outcome)) continue;
        return failed(
          `it succeeds or fails with a ProviderError without the option ${name}`,
          tell(record, scene),
        );
      }
      return PASSED;
    },
  },
  {
    id: "options.environment",
    title: "What an option says counts, and not the environment behind it",
    contract: CONTRACT.env,
    needs: NEEDS_LOGIN,
    async run(bench) {
      const given = (await bench.example()).login.options ?? {};
      const specs = (bench.entry.options ?? []).filter(({ env, name }) => env && given[name] !== undefined);
      if (specs.length === 0)
        return skipped("The example gives no option that has a variable of the environment.");
      const scene = await bench.open();
      const decoys = Object.fromEntries(specs.map((spec) => [spec.env ?? "", String(decoy(spec))]));
      const record = await scene.run("login", { env: { ...scene.example.env, ...decoys } });
      if (record.outcome.kind === "done") return PASSED;
      const names = specs.map(({ env }) => env).join(", ");
      return failed(`it succeeds by its options while ${names} says something else`, tell(record, scene));
    },
  },
  {
    id: "options.invalid",
    title: "An option's value that makes no sense ends a login as it should",
    contract: CONTRACT.usage,
    needs: NEEDS_LOGIN,
    blind: true,
    async run(bench) {
      const specs = (bench.entry.options ?? []).filter((spec) => nonsense(spec, "").length > 0);
      if (specs.length === 0) return skipped("The provider has no option that takes a value of its own.");
      for (const spec of specs) {
        const verdict = await tryNonsense(bench, spec);
        if (verdict.result === "fail") return verdict;
      }
      return PASSED;
    },
  },
];

async function tryNonsense(bench: Bench, spec: OptionSpec): Promise<Verdict> {
  for (const value of nonsense(spec, bench.options.world.home)) {
    const scene = await bench.open();
    const { login } = scene.example;
    const record = await scene.run("login", {
      login: { ...login, options: { ...login.options, [spec.name]: value } },
    });
    // A text may be anything; then it is for the server to say what it thinks of it.
    if (record.outcome.kind === "done" || failedOrderly(record.outcome)) continue;
    const shown = JSON.stringify(typeof value === "string" ? value.slice(0, 40) : value);
    return failed(`it fails as usage with ${shown} for the option ${spec.name}`, tell(record, scene));
  }
  return PASSED;
}

function without({ example: { login } }: Scene, name: string): LoginExample {
  const rest = Object.entries(login.options ?? {}).filter(([key]) => key !== name);
  return { ...login, options: Object.fromEntries(rest) };
}

/** What the program lets pass, by type, and still is no good. */
function nonsense({ type, values, max, min }: OptionSpec, home: string): readonly Value[] {
  if (values) return [];
  switch (type) {
    case "boolean":
      return [];
    case "integer":
      return [max ?? Number.MAX_SAFE_INTEGER, min ?? -1];
    case "url":
      return [
        "http://plain.invalid",
        "https://nowhere.invalid/?query=1#fragment",
        "https://nowhere.invalid/%00",
        `https://${"a".repeat(60)}.invalid/${"b".repeat(5_000)}`,
      ];
    case "file":
      return [`${home}/no-such-file`, home, "\u0000", ""];
    case "string":
      return ["", " ", "x".repeat(5_000), "\u001b]0;x\u0007\u202e", "../../x", "__proto__"];
  }
}

/** A value that is as good as any other, and not the right one. */
function decoy({ type, values, min }: OptionSpec): Value {
  switch (type) {
    case "boolean":
      return false;
    case "integer":
      return min ?? 7;
    case "url":
      return "https://decoy.invalid";
    case "file":
      return "/nonexistent/decoy";
    case "string":
      return values?.[0] ?? "decoy";
  }
}
