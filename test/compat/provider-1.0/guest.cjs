module.exports = {
  api: { major: 1, minor: 0 },
  id: "elm-guest",

  async login(request, host) {
    const name = request.options.name ?? host.env.ELM_GUEST ?? "guest";
    if (!/^[a-z]+$/.test(name)) {
      throw Object.assign(new Error("A guest's name has small letters only."), {
        [Symbol.for("meshauth.ProviderError")]: true,
        code: "usage",
        next: ["meshauth login elm-guest --name ada"],
      });
    }
    host.report({ type: "step", message: `Hello, ${name}.` });
    return { kind: "local", serverName: "Elm Guest" };
  },
};
