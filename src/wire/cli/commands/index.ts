import type { Command } from '../command.ts';
import { doctor } from './doctor.ts';
import { serve } from './serve.ts';
import { tokenCreate } from './token-create.ts';
import { tokenList } from './token-list.ts';
import { tokenRevoke } from './token-revoke.ts';
import { userCreate } from './user-create.ts';
import { userDisable } from './user-disable.ts';
import { userEnable } from './user-enable.ts';
import { userList } from './user-list.ts';
import { userSetPassword } from './user-set-password.ts';
import { userShow } from './user-show.ts';

/** Every command, in the order of `--help`. */
export const commands: readonly Command[] = [
  serve,
  userCreate,
  userList,
  userShow,
  userDisable,
  userEnable,
  userSetPassword,
  tokenCreate,
  tokenList,
  tokenRevoke,
  doctor,
];
