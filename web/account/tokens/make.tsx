import { useState } from 'preact/hooks';
import type { PostEndpoints } from '../../../src/client/index.ts';
import { client } from '../../client.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { DialogButtons } from '../../parts/dialog-buttons.tsx';
import { CheckField, Field, SelectField, TextField } from '../../parts/field.tsx';
import { Form } from '../../parts/form.tsx';
import { retold } from '../../retold.ts';
import { shared } from '../../words/shared.ts';
import { tokens as words } from '../../words/tokens.ts';
import { Scopes } from './scopes.tsx';

/** So many days a token may be asked to last; without end by choice. */
const lives = [7, 30, 90, 365];
const dayMs = 86_400_000;

/** Asks for what a new token shall be, and makes it. */
export function MakeToken({
  onMade,
  onClose,
}: {
  readonly onMade: (made: { readonly name: string; readonly text: string }) => void;
  readonly onClose: () => void;
}) {
  const [life, setLife] = useState('90');
  const [isLimited, setLimited] = useState(false);
  const [scopes, setScopes] = useState<ReadonlySet<string>>(new Set());
  return (
    <Dialog wide title={words.say('createTitle')} onClose={onClose}>
      <Form
        onSubmit={async ({ name = '', addresses = '', skip = '' }) => {
          const from = addresses.split(/[\s,]+/u).filter((one) => one !== '');
          const text = await make({
            tokenName: name.trim(),
            bypassTwoFactor: skip !== '',
            ...(life === '' ? {} : { expiresAt: new Date(Date.now() + Number(life) * dayMs).toISOString() }),
            ...(isLimited ? { scopes: [...scopes] } : {}),
            ...(from.length === 0 ? {} : { addresses: from }),
          });
          onMade({ name: name.trim(), text });
          onClose();
        }}
      >
        {(act) => (
          <>
            <Field
              label={words.say('name')}
              name="name"
              required
              autoFocus
              maxLength={128}
              autocomplete="off"
              hint={words.say('nameHint')}
            />
            <SelectField
              label={words.say('expiry')}
              name="life"
              value={life}
              hint={life === '' ? words.say('neverHint') : undefined}
              onChange={({ currentTarget }) => setLife(currentTarget.value)}
              options={[
                ...lives.map((days) => ({ value: String(days), label: words.say('days', { count: days }) })),
                { value: '', label: shared.say('never') },
              ]}
            />
            <CheckField
              label={words.say('limit')}
              name="limit"
              checked={isLimited}
              hint={words.say('limitHint')}
              onChange={({ currentTarget }) => setLimited(currentTarget.checked)}
            />
            {isLimited ? <Scopes chosen={scopes} onChange={setScopes} /> : null}
            <TextField
              label={words.say('addresses')}
              name="addresses"
              rows={2}
              dir="ltr"
              spellcheck={false}
              autocapitalize="none"
              hint={words.say('addressesHint')}
            />
            <CheckField label={words.say('skip')} name="skip" hint={words.say('skipHint')} />
            <DialogButtons kind="primary" doIt={words.say('make')} busy={act.isBusy} onClose={onClose} />
          </>
        )}
      </Form>
    </Dialog>
  );
}

async function make(wanted: PostEndpoints['users.generatePersonalAccessToken']['body']): Promise<string> {
  const { token } = await retold(
    client.post('users.generatePersonalAccessToken', wanted),
    {
      'error-token-already-exists': ['name', 'nameTaken'],
      'error-invalid-address': ['addresses', 'addressWrong'],
      'invalid-params': ['addresses', 'addressWrong'],
      'error-invalid-scope': ['', 'scopeWrong'],
    },
    words.say,
  );
  return token;
}
