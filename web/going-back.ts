let asked: ((event: PopStateEvent) => void) | undefined;

// Listens before the router does, which is what lets it stop a move: listeners of the window are called in their order.
addEventListener('popstate', (event) => asked?.(event));

/** Hears of each way back or forth before the router goes it. @returns what stops it */
export function beforeGoingBack(act: (event: PopStateEvent) => void): () => void {
  asked = act;
  return () => {
    if (asked === act) asked = undefined;
  };
}
