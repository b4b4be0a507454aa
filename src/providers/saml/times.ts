const form = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/u;

/** A moment as XML writes it, with its zone; NaN for whatever else stands there, so that no comparison holds. */
export function momentOf(text: string): number {
  return form.test(text) ? Date.parse(text) : Number.NaN;
}

/** Whether now lies between two moments of a message; one that is not told does not bound, one that cannot be read does. */
export function isWithin(
  element: { readonly attributes: ReadonlyMap<string, string> },
  now: number,
  driftMs: number,
): { readonly held: boolean } {
  const from = element.attributes.get('NotBefore');
  const to = element.attributes.get('NotOnOrAfter');
  return {
    held: (from === undefined || momentOf(from) <= now + driftMs) && (to === undefined || now - driftMs < momentOf(to)),
  };
}
