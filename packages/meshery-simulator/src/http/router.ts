import type { Outcome } from "./answer.js";
import type { Recorded } from "./recorded.js";

/** Handles a request; `parameter` is what stood for the `*` of the route's path. */
export type RouteHandler = (request: Recorded, parameter: string) => Outcome | Promise<Outcome>;

/** Handlers by `"<METHOD> <path>"`. `ANY` stands for every method, `*` in a path for one segment. */
export type Routes = Readonly<Record<string, RouteHandler>>;

/** The handler for a request, or `undefined`. An exact path wins over a pattern. */
export function findRoute(
  routes: Routes,
  request: Pick<Recorded, "method" | "path">,
): { readonly handler: RouteHandler; readonly parameter: string } | undefined {
  const method = request.method === "HEAD" ? "GET" : request.method;
  for (const name of [method, "ANY"]) {
    const key = `${name} ${request.path}`;
    const exact = Object.hasOwn(routes, key) ? routes[key] : undefined;
    if (exact) return { handler: exact, parameter: "" };
  }
  for (const [key, handler] of Object.entries(routes)) {
    const [name = "", path = ""] = key.split(" ");
    if (!path.includes("*") || (name !== method && name !== "ANY")) continue;
    const [before = "", after = ""] = path.split("*");
    const { path: actual } = request;
    if (!actual.startsWith(before) || !actual.endsWith(after)) continue;
    const parameter = actual.slice(before.length, actual.length - after.length);
    if (parameter !== "" && !parameter.includes("/")) return { handler, parameter };
  }
  return undefined;
}
