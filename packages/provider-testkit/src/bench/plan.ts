import type { LoginRequest } from "@meshauth/provider-api";
import type { LoginExample } from "../definition.js";
import type { Call, Plan } from "../protocol.js";
import type { BenchOptions } from "./bench.js";
import type { SceneParts } from "./scene.js";

/** What a try does differently from the example. */
export type Changes = Partial<
  Pick<Plan, "credential" | "person" | "noBrowser" | "env" | "probe" | "stop" | "fault"> & {
    readonly login: LoginExample;
    /** Whether the Meshery Server is left out. */
    readonly noMesheryServer: boolean;
  }
>;

/** The plan of a try: what the example says, and what is to be different. */
export function planOf(
  call: Call,
  { login: otherLogin, noMesheryServer = false, ...changes }: Changes,
  { example, gateway, servers }: SceneParts,
  { world, nowhere, limits }: BenchOptions,
): Plan {
  const login = otherLogin ?? example.login;
  return {
    call,
    request: requestOf(login),
    person: "there",
    answers: login.answers ?? {},
    stdin: Buffer.from(login.stdin ?? "").toString("base64"),
    noBrowser: true,
    env: { HOME: world.home, ...example.env },
    home: world.home,
    gateway: gateway.url,
    origins: Object.keys(servers),
    nowhere,
    mesheryServer: example.mesheryServer === undefined || noMesheryServer ? nowhere : gateway.url,
    probe: false,
    grace: limits.grace,
    ...changes,
  };
}

function requestOf({ options = {}, serverName, token, force = false }: LoginExample): LoginRequest {
  return {
    options,
    force,
    ...(serverName === undefined ? {} : { serverName }),
    ...(token === undefined ? {} : { token }),
  };
}
