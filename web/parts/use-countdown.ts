import { useCallback, useEffect, useState } from 'preact/hooks';

/** Counts seconds down to 0. @returns those that are left, and what begins anew with so many */
export function useCountdown(first = 0): readonly [left: number, begin: (seconds: number) => void] {
  const [endsAt, setEndsAt] = useState(() => performance.now() + first * 1000);
  const [left, setLeft] = useState(first);
  useEffect(() => {
    const look = (): void => setLeft(Math.max(0, Math.ceil((endsAt - performance.now()) / 1000)));
    look();
    // Timers of pages that nobody sees run late, so the time itself is looked at.
    const timer = setInterval(look, 1000);
    return () => clearInterval(timer);
  }, [endsAt]);
  const begin = useCallback((seconds: number) => setEndsAt(performance.now() + seconds * 1000), []);
  return [left, begin];
}
