import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { explain } from '../explain.ts';

/** Something that is being fetched. What was there before stays shown until the new one is. */
export interface Loaded<T> {
  readonly value: T | undefined;
  /** Why it could not be fetched, in words. */
  readonly failure: string | undefined;
  readonly isLoading: boolean;
  /** Fetches it again. */
  readonly reload: () => void;
}

/** @param key fetches again whenever it is another */
export function useLoaded<T>(fetch: () => Promise<T>, key = ''): Loaded<T> {
  const [state, setState] = useState<Omit<Loaded<T>, 'reload'>>({
    value: undefined,
    failure: undefined,
    isLoading: true,
  });
  const newest = useRef(0);
  const latest = useRef(fetch);
  latest.current = fetch;
  const reload = useCallback(() => {
    newest.current += 1;
    const mine = newest.current;
    setState((before) => ({ ...before, isLoading: true }));
    latest.current().then(
      (value) => {
        if (mine === newest.current) setState({ value, failure: undefined, isLoading: false });
      },
      (cause: unknown) => {
        if (mine !== newest.current) return;
        const { text } = explain(cause);
        setState((before) => ({ ...before, failure: text, isLoading: false }));
      },
    );
  }, []);
  useEffect(() => {
    reload();
    // What arrives after the screen has gone, or for another key, is nobody's.
    return () => {
      newest.current += 1;
    };
  }, [key, reload]);
  return { ...state, reload };
}
