// Loaded before the program: its clock is CLOCK_SHIFT milliseconds ahead.
const shift = Number(process.env.CLOCK_SHIFT ?? 0);

globalThis.Date = new Proxy(Date, {
  construct: (Real, args, target) =>
    Reflect.construct(Real, args.length > 0 ? args : [Real.now() + shift], target),
  apply: (Real) => new Real(Real.now() + shift).toString(),
  get: (Real, name) => (name === "now" ? () => Real.now() + shift : Reflect.get(Real, name)),
});
