import type { Account, Status } from '../../core/account/account.ts';
import type { Settings } from '../../core/setting/settings.ts';
import { preferenceSettings } from '../shapes/preferences.ts';
import { Ready } from './ready.ts';

interface Rendered {
  readonly age: number;
  readonly status: Status;
  readonly statusConnection: Status;
  readonly ready: Ready;
}

/**
 * The JSON of `me`, kept beside each account that is in memory: this is what is asked most. An account that changed is
 * another object, so nothing outlives what it was made from.
 */
export class MeCache {
  readonly #rendered = new WeakMap<Account, Rendered>();
  #age = 0;

  constructor(settings: Pick<Settings, 'onChange'>) {
    const forget = (): void => {
      this.#age += 1;
    };
    settings.onChange(preferenceSettings, forget);
    settings.onChange(['Site_Url'], forget);
  }

  get(account: Account, status: Status, statusConnection: Status, make: () => object): Ready {
    const kept = this.#rendered.get(account);
    if (
      kept !== undefined &&
      kept.age === this.#age &&
      kept.status === status &&
      kept.statusConnection === statusConnection
    ) {
      return kept.ready;
    }
    const ready = new Ready(JSON.stringify({ ...make(), success: true }));
    this.#rendered.set(account, { age: this.#age, status, statusConnection, ready });
    return ready;
  }
}
