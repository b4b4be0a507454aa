import type { OutboxItem } from '../../src/client/index.ts';
import { client } from '../client.ts';
import { announce } from '../parts/announce.tsx';
import { Button } from '../parts/button.tsx';
import { useAct } from '../parts/use-act.ts';
import { mail as words } from '../words/mail.ts';
import { shared } from '../words/shared.ts';

interface Props {
  readonly mail: OutboxItem;
  readonly onRemove: () => void;
  readonly onRetried: () => void;
}

/** What one can do with a mail: send it again where it has stopped, and forget it. */
export function MailActions({ mail, onRemove, onRetried }: Props) {
  const { id, state, recipient } = mail;
  const { run, isBusy, mistake } = useAct();
  return (
    <div class="mail__state">
      <div class="buttons">
        {state === 'failed' || state === 'kept' ? (
          <Button
            small
            busy={isBusy}
            aria-label={words.say('retryOne', { to: recipient })}
            onClick={() => {
              void run(async () => {
                await client.post('mails.retry', { id });
                announce(words.say('retried'));
                onRetried();
              });
            }}
          >
            {words.say('retry')}
          </Button>
        ) : null}
        <Button small kind="secondary-danger" aria-label={words.say('removeOne', { to: recipient })} onClick={onRemove}>
          {shared.say('remove')}
        </Button>
      </div>
      {mistake === undefined ? null : (
        <span class="mail__error" role="alert">
          {mistake.text}
        </span>
      )}
    </div>
  );
}
