import { client } from '../client.ts';
import type { Person } from '../person.ts';

const storageKey = 'countersign.setup-seen';
/** Where the browser keeps nothing, for as long as the page lives. */
let wasSeen = false;

/**
 * Whether somebody is to be led to the first steps: they are not done, the person could do them, and was not there yet in
 * this visit.
 */
export async function isSetupDue({ may }: Pick<Person, 'may'>): Promise<boolean> {
  if (!may('edit-privileged-setting') || !may('view-privileged-setting') || isSeen()) return false;
  try {
    const { value } = await client.get('settings/Countersign_Setup_Done');
    if (value === false) return true;
    markSetupSeen();
    return false;
  } catch {
    // Nobody is kept from their account by it.
    return false;
  }
}

/** From here on the person is not led there again in this visit. */
export function markSetupSeen(): void {
  wasSeen = true;
  try {
    sessionStorage.setItem(storageKey, '1');
  } catch {
    // Switched off by the person.
  }
}

function isSeen(): boolean {
  try {
    return wasSeen || sessionStorage.getItem(storageKey) !== null;
  } catch {
    return wasSeen;
  }
}
