import { type KeptFactors, nothingKept } from '../../core/second-factor/store.ts';
import type { Schema } from './schema.ts';

/** The columns of `second_factors as f` from which `KeptFactors` are made, under names that no other table uses. */
export const keptColumns = [
  'f.app_secret as f_app_secret',
  'f.app_begun_by as f_app_begun_by',
  'f.app_step as f_app_step',
  'f.backup_salt as f_backup_salt',
  'f.json_backup_codes as f_json_backup_codes',
  'f.email_code as f_email_code',
  'f.email_code_ends_at as f_email_code_ends_at',
  'f.email_code_wrong as f_email_code_wrong',
  'f.wrong_codes as f_wrong_codes',
  'f.required_since as f_required_since',
] as const;

type Name = (typeof keptColumns)[number] extends infer C ? (C extends `f.${infer N} as ${string}` ? N : never) : never;
type Stored = {
  [N in Name]: Schema['second_factors'][N] extends { readonly __select__: infer S } ? S : Schema['second_factors'][N];
};

/** What `keptColumns` gives; every column is NULL where the account has no row. */
export type KeptRow = { [N in Name as `f_${N}`]: Stored[N] | null };

export function keptOf(row: KeptRow): KeptFactors {
  if (row.f_json_backup_codes === null) return nothingKept;
  return {
    app:
      row.f_app_secret === null
        ? undefined
        : {
            sealedSecret: row.f_app_secret,
            begunBy: row.f_app_begun_by ?? undefined,
            usedStep: row.f_app_step ?? 0,
          },
    backup:
      row.f_backup_salt === null
        ? undefined
        : { salt: row.f_backup_salt, hashes: JSON.parse(row.f_json_backup_codes) as string[] },
    emailCode:
      row.f_email_code === null
        ? undefined
        : { hash: row.f_email_code, endsAt: row.f_email_code_ends_at ?? 0, wrong: row.f_email_code_wrong ?? 0 },
    wrongCodes: row.f_wrong_codes ?? 0,
    requiredSince: row.f_required_since ?? undefined,
  };
}
