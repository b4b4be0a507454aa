import { useState } from 'preact/hooks';
import type { Passkey } from '../../../src/client/index.ts';
import { client } from '../../client.ts';
import { dayText } from '../../language.ts';
import { announce } from '../../parts/announce.tsx';
import { Button } from '../../parts/button.tsx';
import { Callout } from '../../parts/callout.tsx';
import { Confirm } from '../../parts/dialog.tsx';
import { CheckField } from '../../parts/field.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Table } from '../../parts/table.tsx';
import { Tag } from '../../parts/tag.tsx';
import { useAct } from '../../parts/use-act.ts';
import { When } from '../../parts/when.tsx';
import { canUsePasskeys } from '../../passkey.ts';
import { security as words } from '../../words/security.ts';
import { shared } from '../../words/shared.ts';
import { ofFactors } from './factor-refusals.ts';
import { AddPasskey, RenamePasskey } from './passkey-name.tsx';

interface Props {
  readonly passkeys: readonly Passkey[];
  readonly alone: boolean;
  readonly onChanged: (codes?: readonly string[]) => Promise<void>;
}

/** What is being done with a passkey. */
type Doing = { readonly what: 'add' } | { readonly what: 'rename' | 'remove'; readonly passkey: Passkey };

/** The passkeys of the account, and whether one of them is enough. */
export function PasskeysPanel({ passkeys, alone, onChanged }: Props) {
  const [doing, setDoing] = useState<Doing | undefined>(undefined);
  const close = (): void => setDoing(undefined);
  return (
    <Panel
      title={words.say('passkeysTitle')}
      about={words.say('passkeysAbout')}
      actions={
        canUsePasskeys() ? (
          <Button icon="plus" onClick={() => setDoing({ what: 'add' })}>
            {words.say('passkeyAdd')}
          </Button>
        ) : undefined
      }
    >
      {canUsePasskeys() ? null : <p class="quiet">{words.say('passkeysNo')}</p>}
      {passkeys.length === 0 ? (
        <p class="quiet">{words.say('passkeysEmpty')}</p>
      ) : (
        <>
          <PasskeyTable passkeys={passkeys} onAsk={setDoing} />
          <Alone alone={alone} onChanged={onChanged} />
        </>
      )}
      {doing?.what === 'add' ? <AddPasskey onClose={close} onAdded={onChanged} /> : null}
      {doing?.what === 'rename' ? (
        <RenamePasskey passkey={doing.passkey} onClose={close} onRenamed={onChanged} />
      ) : null}
      {doing?.what === 'remove' ? (
        <Confirm
          title={words.say('passkeyRemoveTitle', { name: doing.passkey.name })}
          doIt={shared.say('remove')}
          onClose={close}
          onConfirm={async () => {
            await ofFactors(client.post('passkeys.remove', { id: doing.passkey.id }));
            announce(words.say('passkeyRemoved'));
            await onChanged();
          }}
        >
          <p>{words.say('passkeyRemoveText')}</p>
        </Confirm>
      ) : null}
    </Panel>
  );
}

function PasskeyTable({
  passkeys,
  onAsk,
}: {
  readonly passkeys: readonly Passkey[];
  readonly onAsk: (doing: Doing) => void;
}) {
  return (
    <Table
      label={words.say('passkeysTitle')}
      rows={passkeys}
      keyOf={({ id }) => id}
      columns={[
        {
          key: 'name',
          head: words.say('passkeyName'),
          cell: ({ name, backedUp }) => (
            <>
              <strong class="told">{name}</strong>
              {backedUp ? <Tag>{words.say('passkeyBackedUp')}</Tag> : null}
            </>
          ),
        },
        { key: 'created', head: words.say('passkeyCreated'), cell: ({ createdAt }) => dayText(createdAt) },
        {
          key: 'used',
          head: words.say('passkeyUsed'),
          cell: ({ usedAt }) => (usedAt === undefined ? shared.say('never') : <When at={usedAt} />),
        },
        {
          key: 'act',
          head: words.say('act'),
          atEnd: true,
          cell: (passkey) => (
            <div class="buttons buttons--end">
              <Button
                small
                aria-label={words.say('passkeyRenameLabel', { name: passkey.name })}
                onClick={() => onAsk({ what: 'rename', passkey })}
              >
                {words.say('passkeyRename')}
              </Button>
              <Button
                small
                kind="secondary-danger"
                aria-label={words.say('passkeyRemoveLabel', { name: passkey.name })}
                onClick={() => onAsk({ what: 'remove', passkey })}
              >
                {shared.say('remove')}
              </Button>
            </div>
          ),
        },
      ]}
    />
  );
}

/** The switch by which a passkey stands for the password as well. */
function Alone({ alone, onChanged }: Pick<Props, 'alone' | 'onChanged'>) {
  const [isOn, setOn] = useState(alone);
  const turning = useAct();
  const turn = async (wanted: boolean): Promise<void> => {
    setOn(wanted);
    const went = await turning.run(async () => {
      await ofFactors(client.post('passkeys.setAlone', { alone: wanted }));
      announce(words.say(wanted ? 'aloneOn' : 'aloneOff'));
      await onChanged();
    });
    // What was refused is as it was.
    if (!went) setOn(!wanted);
  };
  return (
    <>
      {turning.mistake === undefined ? null : <Callout kind="danger">{turning.mistake.text}</Callout>}
      <CheckField
        name="alone"
        label={words.say('alone')}
        hint={words.say('aloneHint')}
        checked={isOn}
        onChange={({ currentTarget }) => void turn(currentTarget.checked)}
      />
    </>
  );
}
