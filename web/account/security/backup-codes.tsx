import { useEffect, useRef, useState } from 'preact/hooks';
import { client } from '../../client.ts';
import { facts } from '../../facts.ts';
import { Button } from '../../parts/button.tsx';
import { Callout } from '../../parts/callout.tsx';
import { CopyButton } from '../../parts/copyable.tsx';
import { Panel } from '../../parts/panel.tsx';
import { saveFile } from '../../parts/save-file.ts';
import { usePerson } from '../../person.ts';
import { security as words } from '../../words/security.ts';
import { shared } from '../../words/shared.ts';
import { CodeDialog } from './code-dialog.tsx';
import { ofFactors } from './factor-refusals.ts';

/** Fewer than so many are few. */
const few = 4;

/** How many backup codes are left, and new ones in their place. */
export function BackupPanel({
  left,
  hasApp,
  onChanged,
}: {
  readonly left: number;
  readonly hasApp: boolean;
  readonly onChanged: (codes?: readonly string[]) => Promise<void>;
}) {
  const [isRenewing, setRenewing] = useState(false);
  // A code of the app or a backup code is asked for: whoever has neither gets new ones with another passkey.
  const canRenew = hasApp || left > 0;
  return (
    <Panel
      title={words.say('backupTitle')}
      about={words.say('backupAbout')}
      actions={canRenew ? <Button onClick={() => setRenewing(true)}>{words.say('backupRenew')}</Button> : undefined}
    >
      {left < few ? (
        <Callout kind="warning" title={words.say('backupLeft', { count: left })}>
          {words.say(canRenew ? (left === 0 ? 'backupNone' : 'backupFew') : 'backupByAdding')}
        </Callout>
      ) : (
        <p>{words.say('backupLeft', { count: left })}</p>
      )}
      {isRenewing ? (
        <CodeDialog
          title={words.say('backupRenewTitle')}
          about={[words.say('backupRenewText'), ...(hasApp ? [] : [words.say('backupByPasskey')])].join(' ')}
          doIt={words.say('backupRenew')}
          onClose={() => setRenewing(false)}
          onCode={async (code) => {
            const { codes } = await ofFactors(client.post('users.regenerateTotpCodes', { code }));
            // The dialog first: what stands behind it takes no focus.
            setRenewing(false);
            await onChanged(codes);
          }}
        />
      ) : null}
    </Panel>
  );
}

/** Backup codes that were just made: to be copied, printed or saved now. */
export function FreshCodes({ codes, onKept }: { readonly codes: readonly string[]; readonly onKept: () => void }) {
  const { me } = usePerson();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus();
    heading.current?.scrollIntoView({ block: 'center' });
  }, []);
  const about = words.say('codesAbout', { user: me.username ?? '', site: facts.siteName });
  const text = `${about}\n\n${codes.join('\n')}\n`;
  return (
    <section class="panel panel--fresh" aria-labelledby="fresh-codes">
      <header class="panel__head">
        <h2 id="fresh-codes" ref={heading} tabIndex={-1}>
          {words.say('codesTitle')}
        </h2>
      </header>
      <p>{words.say('codesText')}</p>
      <ul class="codes" dir="ltr">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <div class="buttons">
        <CopyButton text={text} />
        <Button small icon="download" onClick={() => saveFile('backup-codes.txt', [text], 'text/plain')}>
          {shared.say('download')}
        </Button>
        <Button small icon="file" onClick={() => window.print()}>
          {shared.say('print')}
        </Button>
        <Button small kind="primary" onClick={onKept}>
          {words.say('codesKept')}
        </Button>
      </div>
    </section>
  );
}
