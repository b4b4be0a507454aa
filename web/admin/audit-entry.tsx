import type { ComponentChildren } from 'preact';
import type { AuditEntry } from '../../src/client/index.ts';
import { exactText } from '../language.ts';
import { CopyButton } from '../parts/copyable.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { audit as words } from '../words/audit.ts';
import { auditKindText } from '../words/audit-kinds.ts';
import { Account } from './audit-account.tsx';
import { doorText } from './audit-door.ts';
import { Outcome } from './outcome.tsx';

interface Props {
  readonly entry: AuditEntry;
  readonly names: Readonly<Record<string, string>>;
  readonly onClose: () => void;
}

/** Everything that one entry tells. */
export function AuditEntryDialog({ entry, names, onClose }: Props) {
  const { at, what, outcome, accountId, actorId, door, address, userAgent, facts, position, seal } = entry;
  return (
    <Dialog title={auditKindText(what)} wide onClose={onClose}>
      <dl class="facts">
        <Fact name={words.say('at')}>
          {exactText(at)} <span class="quiet">({at})</span>
        </Fact>
        <Fact name={words.say('what')}>
          <code>{what}</code>
        </Fact>
        <Fact name={words.say('outcome')}>
          <Outcome outcome={outcome} />
        </Fact>
        <Fact name={words.say('account')}>
          <Account id={accountId} names={names} />
        </Fact>
        <Fact name={words.say('actor')}>
          <Account id={actorId} names={names} door={door} />
        </Fact>
        <Fact name={words.say('door')}>{doorText(door)}</Fact>
        <Fact name={words.say('address')}>
          <bdi dir="ltr">{address === '' ? '–' : address}</bdi>
        </Fact>
        <Fact name={words.say('userAgent')}>
          <bdi dir="ltr">{userAgent === '' ? '–' : userAgent}</bdi>
        </Fact>
        {Object.entries(facts).map(([name, value]) => (
          <Fact key={name} name={<code>{name}</code>}>
            <bdi>{typeof value === 'object' ? JSON.stringify(value) : String(value)}</bdi>
          </Fact>
        ))}
        <Fact name={words.say('position')}>{position ?? words.say('unsealed')}</Fact>
        {seal === undefined ? null : (
          <Fact name={words.say('seal')}>
            <code dir="ltr">{seal}</code>
          </Fact>
        )}
      </dl>
      <div class="buttons buttons--end">
        <CopyButton text={JSON.stringify(entry, undefined, 2)} label={words.say('copyEntry')} />
      </div>
    </Dialog>
  );
}

function Fact({ name, children }: { readonly name: ComponentChildren; readonly children: ComponentChildren }) {
  return (
    <div class="facts__one">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
