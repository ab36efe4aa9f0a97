import { createHash } from "node:crypto";
import { inCasing } from "../era.js";
import { goJson, json, type Outcome, text } from "../http/answer.js";
import type { Recorded } from "../http/recorded.js";
import type { Routes } from "../http/router.js";
import type { ServerContext } from "./context.js";

/** What answers without a login. */
export function publicRoutes(context: ServerContext): Routes {
  const { faults, registry, rules } = context;

  function providers(request: Recorded): Outcome {
    const unprobed = faults.strikes("providers-unprobed", request);
    const hostile = faults.strikes("providers-hostile", request);
    // The real handler sets no content type, so Go's sniffer says text.
    return text(200, `${goJson(registry.list({ unprobed, hostile }))}\n`);
  }

  return {
    "GET /api/system/version": () =>
      json(200, {
        build: rules.build,
        latest: rules.build,
        outdated: false,
        commitsha: createHash("sha1").update(rules.build).digest("hex").slice(0, 7),
        release_channel: "stable",
      }),
    "GET /api/providers": providers,
    ...(rules.keys === "host" ? { "GET /api/providers/stream": () => stream(context) } : {}),
    "GET /healthz/live": () => text(200, "ok"),
    "GET /healthz/ready": () => text(200, "ok"),
    "ANY /error": () => json(500, { status: "error", message: "something went wrong" }),
  };
}

/** One server-sent event per provider, then the end. */
function stream({ registry, rules }: ServerContext): Outcome {
  const list = registry.list({ unprobed: false, hostile: false });
  const events = Object.entries(list).map(([key, properties]) => {
    const data = inCasing(rules, { key, status: "online", properties, error: "" });
    return `event: provider\ndata: ${goJson(data)}\n\n`;
  });
  return {
    status: 200,
    headers: [
      ["Content-Type", "text/event-stream"],
      ["Cache-Control", "no-cache"],
    ],
    body: events.join(""),
  };
}
