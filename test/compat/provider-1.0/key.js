import { failure } from "./elm.js";

export default {
  api: { major: 1, minor: 0 },
  id: "elm-key",

  async login(request, host) {
    const given = request.token ?? (await ask(host));
    const credential = { serverName: "Elm Key", token: given };
    const answer = await host.server.token(credential);
    if (answer.kind === "refused") {
      throw failure("denied", "The Meshery Server does not take this key.", {
        reason: `${answer.why}${answer.outright ? ", outright" : ""}: ${answer.message}`,
      });
    }
    if (answer.kind === "unavailable") {
      host.report({ type: "warning", message: `The key was not tried: ${answer.message}` });
      return { kind: "token", ...credential };
    }
    const { serverName, token, members } = answer.value;
    const user = await host.server.user({ serverName, token });
    if (user.kind === "ok") host.report({ type: "step", message: `The key is ${user.value.name}'s.` });
    const others = Object.entries(members).filter(([name]) => !["meshery-provider", "token"].includes(name));
    return { kind: "token", serverName, token, members: Object.fromEntries(others) };
  },
};

async function ask(host) {
  if (host.interactive) return await host.ask({ message: "Key:", secret: true });
  throw failure("interaction", "There is nobody to ask for the key.", {
    next: ["meshauth login elm-key --token-stdin < FILE"],
  });
}
