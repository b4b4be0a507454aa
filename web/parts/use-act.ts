import { useState } from 'preact/hooks';
import { type Explained, explain } from '../explain.ts';

/** Something that a person does, which takes a while and may fail. */
export interface Act {
  readonly isBusy: boolean;
  readonly mistake: Explained | undefined;
  /** Runs it, unless it runs already. @returns whether it went through */
  readonly run: (work: () => Promise<void>) => Promise<boolean>;
  readonly forget: () => void;
}

export function useAct(): Act {
  const [isBusy, setBusy] = useState(false);
  const [mistake, setMistake] = useState<Explained | undefined>(undefined);
  return {
    isBusy,
    mistake,
    forget: () => setMistake(undefined),
    run: async (work) => {
      if (isBusy) return false;
      setBusy(true);
      setMistake(undefined);
      try {
        await work();
        return true;
      } catch (cause) {
        setMistake(explain(cause));
        return false;
      } finally {
        setBusy(false);
      }
    },
  };
}
