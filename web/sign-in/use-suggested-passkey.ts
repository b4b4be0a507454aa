import { useEffect } from 'preact/hooks';
import { visitor } from '../client.ts';
import { canUsePasskeys, suggestPasskey } from '../passkey.ts';

/** What the server gave to sign with is good for five minutes: then another one is asked for. */
const freshMs = 240_000;

/**
 * Has the browser suggest passkeys in the field for the name, where it can. It ends where the person is asked for one.
 * @param onShown gets what the person showed
 */
export function useSuggestedPasskey(isOn: boolean, onShown: (credential: object) => void): void {
  useEffect(() => {
    if (!isOn || !canUsePasskeys()) return undefined;
    let isGone = false;
    let control: AbortController;
    const suggest = async (): Promise<void> => {
      if (!(await PublicKeyCredential.isConditionalMediationAvailable())) return;
      let isStale = true;
      while (isStale) {
        const { options } = await visitor().post('passkeys.signInOptions');
        if (isGone) return;
        isStale = false;
        control = new AbortController();
        const timer = setTimeout(() => {
          isStale = true;
          control.abort();
        }, freshMs);
        const shown = await suggestPasskey(options, control);
        clearTimeout(timer);
        if (shown !== undefined) onShown(shown);
      }
    };
    // Without it there are the other ways.
    suggest().catch(() => undefined);
    return () => {
      isGone = true;
      control?.abort();
    };
  }, [isOn, onShown]);
}
