import type { Command } from '../command.ts';
import { doctor } from './doctor.ts';
import { loginLink } from './login-link.ts';
import { mailList } from './mail-list.ts';
import { mailRetry } from './mail-retry.ts';
import { mailShow } from './mail-show.ts';
import { mailTest } from './mail-test.ts';
import { serve } from './serve.ts';
import { tokenCreate } from './token-create.ts';
import { tokenList } from './token-list.ts';
import { tokenRevoke } from './token-revoke.ts';
import { twoFactorDisable } from './two-factor-disable.ts';
import { unblock } from './unblock.ts';
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
  twoFactorDisable,
  loginLink,
  unblock,
  mailList,
  mailShow,
  mailRetry,
  mailTest,
  doctor,
];
