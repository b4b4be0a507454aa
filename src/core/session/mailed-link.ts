import { sha256Base64 } from '../../lib/digest.ts';
import type { Account } from '../account/account.ts';
import { foldName } from '../account/names.ts';
import type { AccountStore } from '../account/store.ts';
import { recordOf } from '../audit/record.ts';
import type { CallCounts } from '../call-counts.ts';
import type { Mailer } from '../mailer.ts';
import type { PasswordStore } from '../password/store.ts';
import type { Caller, Clock, Moment, Random } from '../ports.ts';
import type { ChallengeStore } from '../second-factor/challenge-store.ts';
import type { Settings } from '../setting/settings.ts';

/** What a mailed link is good for. */
export type LinkKind = 'password-reset' | 'enrolment' | 'email-verification';

export interface LinkNeeds {
  readonly clock: Clock;
  readonly random: Pick<Random, 'token'>;
  readonly accounts: Pick<AccountStore, 'byId' | 'find'>;
  readonly passwords: Pick<PasswordStore, 'hashOf'>;
  readonly challenges: Pick<ChallengeStore, 'putNewest' | 'find'>;
  readonly mailer: Pick<Mailer, 'post'>;
  readonly links: () => LinkPolicy;
}

export interface LinkPolicy {
  /** Where this server is reached: with this every link begins, whatever the request says of its host. */
  readonly siteUrl: string;
  readonly lifeMs: (kind: LinkKind) => number;
  /** So many of one kind are mailed to an account within an hour. */
  readonly mostPerHour: number;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** The pages behind the links (rest.md §12). */
const pages: Readonly<Record<LinkKind, string>> = {
  'password-reset': 'reset-password',
  'enrolment': 'enroll-account',
  'email-verification': 'verify-email',
};

/** Mailed links as the settings have them. */
export function linkPolicyOf(settings: Pick<Settings, 'get'>): LinkPolicy {
  return {
    siteUrl: settings.get('Site_Url'),
    lifeMs: (kind) => {
      switch (kind) {
        case 'password-reset':
          return settings.get('Countersign_Reset_Link_Minutes') * 60_000;
        case 'enrolment':
          return settings.get('Countersign_Enrolment_Link_Days') * dayMs;
        case 'email-verification':
          return settings.get('Countersign_Verification_Link_Days') * dayMs;
      }
    },
    mostPerHour: settings.get('Countersign_Mailed_Links_Per_Hour'),
  };
}

/**
 * Makes a link that is good once, and mails it to an address of the account; an older one of its kind is void then. What
 * stands in the link is told to the mail alone: stored is its hash.
 * @param actorId who asked for it; undefined for strangers
 * @returns false when too many were mailed lately: then the last one stays good
 */
export async function mailLink(
  needs: LinkNeeds,
  account: Account,
  mailed: { readonly kind: LinkKind; readonly address: string; readonly actorId: string | undefined },
  caller: Caller,
): Promise<boolean> {
  const { kind, address } = mailed;
  const policy = needs.links();
  const lifeMs = policy.lifeMs(kind);
  const now = needs.clock.now();
  const text = needs.random.token();
  const stored = await needs.passwords.hashOf(account.id);
  const kept = await needs.challenges.putNewest(
    {
      hash: sha256Base64(text),
      kind,
      accountId: account.id,
      facts: { address, password: markOf(stored), lastLogInAt: account.lastLogInAt ?? null },
      endsAt: now + lifeMs,
    },
    { most: policy.mostPerHour, windowMs: hourMs, now },
    recordOf(
      `${kind}-link.make`,
      { at: now, caller, actorId: mailed.actorId, accountId: account.id },
      { email: address },
    ),
  );
  if (!kept) return false;
  const link = `${policy.siteUrl}/${pages[kind]}/${text}`;
  await needs.mailer.post({
    kind,
    to: [address],
    language: account.language,
    facts: factsOf(kind, account, link, lifeMs),
  });
  return true;
}

function factsOf(
  kind: LinkKind,
  { username = '' }: Account,
  link: string,
  lifeMs: number,
): Readonly<Record<string, string>> {
  const days = String(Math.max(1, Math.round(lifeMs / dayMs)));
  switch (kind) {
    case 'password-reset':
      return { link, minutes: String(Math.max(1, Math.round(lifeMs / 60_000))) };
    case 'enrolment':
      return { link, days, username };
    case 'email-verification':
      return { link, days };
  }
}

/** A link that somebody came with, and the account as it is now. */
export interface FoundLink {
  readonly kind: LinkKind;
  readonly hash: string;
  readonly account: Account;
  readonly address: string;
  /** Whether the account has the address still. */
  readonly addressThere: boolean;
  /** When the account was last signed in to, as it was when the link was made. */
  readonly lastLogInAt: Moment | undefined;
  /** Whether the password is the one that there was when the link was made, or there is still none. */
  readonly isSame: boolean;
  /** The stored password, where it is that one. */
  readonly samePassword: string | undefined;
}

const longestText = 256;

/**
 * Looks at what stands in a link, which uses nothing up.
 * @param kinds what it may be good for
 * @returns undefined where it is unknown, used, replaced, over, or good for something else
 */
export async function findLink(
  needs: Pick<LinkNeeds, 'clock' | 'accounts' | 'passwords' | 'challenges'>,
  text: string,
  kinds: readonly LinkKind[],
): Promise<FoundLink | undefined> {
  if (text.length > longestText) return undefined;
  const hash = sha256Base64(text);
  for (const kind of kinds) {
    const challenge = await needs.challenges.find(hash, kind, needs.clock.now());
    if (challenge?.accountId === undefined) continue;
    const account = await needs.accounts.byId(challenge.accountId);
    const { address, password, lastLogInAt } = challenge.facts;
    if (account === undefined || typeof address !== 'string') return undefined;
    const stored = await needs.passwords.hashOf(account.id);
    return {
      kind,
      hash,
      account,
      address,
      addressThere: account.emails.some((email) => foldName(email.address) === foldName(address)),
      lastLogInAt: typeof lastLogInAt === 'number' ? lastLogInAt : undefined,
      isSame: markOf(stored) === password,
      samePassword: markOf(stored) === password ? stored : undefined,
    };
  }
  return undefined;
}

/** Tells whether the password is another by now, and nothing else. */
function markOf(stored: string | undefined): string {
  return stored === undefined ? '' : sha256Base64(stored);
}

/** Tells the owner of an address that somebody has registered with it; no more often than links are mailed. */
export async function tellOwnerOfAddress(
  needs: Pick<LinkNeeds, 'clock' | 'mailer' | 'links'> & { readonly counts: Pick<CallCounts, 'count'> },
  owner: Account,
  typed: string,
): Promise<void> {
  const key = `address-known ${owner.id}`;
  const { calls } = await needs.counts.count({ key, windowMs: hourMs, now: needs.clock.now() });
  const to = owner.emails.map(({ address }) => address).filter((address) => foldName(address) === foldName(typed));
  if (calls > needs.links().mostPerHour || to.length === 0) return;
  await needs.mailer.post({ kind: 'address-known', to, language: owner.language, facts: {} });
}

/** The account that has an address, and the address as it is stored: mails go there, and never to what was typed. */
export async function ownerOf(
  { accounts }: Pick<LinkNeeds, 'accounts'>,
  typed: string,
): Promise<{ readonly account: Account; readonly address: string; readonly verified: boolean } | undefined> {
  // No store takes a NUL or half a surrogate pair, and nobody is called so.
  if (typed.length > longestText || typed.includes('\0') || !typed.isWellFormed()) return undefined;
  const account = await accounts.find({ by: 'email', value: typed });
  const email = account?.emails.find((one) => foldName(one.address) === foldName(typed));
  return account === undefined || email === undefined ? undefined : { account, ...email };
}
