import { useEffect, useState } from 'preact/hooks';

/** What something is once it has not changed for a moment: so that not every letter is looked for. */
export function useSettled<T>(value: T, ms = 250): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}
