/**
 * What never comes back with a backup, in statements of both stores: what is good once may have been used since, tokens
 * of applications are replaced each hour, and mails that waited have been sent, or have nobody waiting for them now.
 */
export const spent: readonly string[] = [
  'delete from challenges',
  'delete from application_codes',
  'delete from application_tokens',
  'delete from openid_records',
  'update second_factors set email_code = null',
  'update tokens set trust_client = null, trust_until = null',
  `delete from outbox where state != 'sent'`,
];
