import type { ChangeOutcome, ChangeStore } from '../../core/administration/change-store.ts';
import { settingOpen } from './accounts.ts';
import type { SqlBackend } from './backend.ts';
import { edited, editing, Refused } from './edit-account.ts';
import { lockAdministrators } from './last-administrator.ts';
import { settingPassword } from './passwords.ts';
import type { Steps } from './steps.ts';

/** Undoes the write that it is thrown in. */
class Undone extends Error {
  readonly outcome: ChangeOutcome;

  constructor(outcome: ChangeOutcome) {
    super(outcome);
    this.outcome = outcome;
  }
}

export function changeStore(backend: SqlBackend, steps: Steps): ChangeStore {
  const editInside = editing(backend, steps);
  const setPassword = settingPassword(steps);
  const setOpen = settingOpen(backend, steps);

  return {
    write: async ({ accountId, now, edit, password, open }) => {
      try {
        return await edited(backend, async (inside) => {
          // Before the account's own lock, in the order in which every other write takes them.
          if (open?.open === false) await lockAdministrators(inside, backend.dialect);
          if (edit !== undefined) {
            const outcome = await editInside(inside, accountId, edit.fields, now, edit.audit);
            if (outcome !== 'done') throw new Refused(outcome);
          }
          if (password !== undefined && !(await setPassword(inside, password.change, password.audit))) {
            throw new Undone('overtaken');
          }
          if (open === undefined) return 'done';
          const outcome = await setOpen(inside, { id: accountId, open: open.open, now }, open.audit);
          if (outcome === 'last-administrator') throw new Undone('last-to-close');
          if (outcome === 'unknown') throw new Refused('unknown');
          return 'done';
        });
      } catch (cause) {
        if (cause instanceof Undone) return cause.outcome;
        throw cause;
      }
    },
  };
}
