import { useState } from 'preact/hooks';
import { AppSetUp, type Waiting } from '../account/security/app-set-up.tsx';
import { FreshCodes } from '../account/security/backup-codes.tsx';
import { ofFactors } from '../account/security/factor-refusals.ts';
import { AddPasskey } from '../account/security/passkey-name.tsx';
import { client } from '../client.ts';
import { Callout } from '../parts/callout.tsx';
import { Icon, type IconName } from '../parts/icon.tsx';
import { useAct } from '../parts/use-act.ts';
import { canUsePasskeys } from '../passkey.ts';
import { usePerson } from '../person.ts';
import { duties as words } from '../words/duties.ts';

/** Has somebody set a second factor up, and keep the backup codes that come with it. */
export function ForcedFactor({ onDone }: { readonly onDone: () => Promise<void> }) {
  const { me } = usePerson();
  const [waiting, setWaiting] = useState<Waiting | undefined>(undefined);
  const [isNaming, setNaming] = useState(false);
  const [codes, setCodes] = useState<readonly string[] | undefined>(undefined);
  const act = useAct();
  const address = me.emails?.find(({ verified }) => verified)?.address;
  const go = (): void => void act.run(onDone);
  if (codes !== undefined) {
    return (
      <>
        {act.mistake === undefined ? null : <Callout kind="danger">{act.mistake.text}</Callout>}
        <FreshCodes codes={codes} onKept={go} />
      </>
    );
  }
  return (
    <>
      <p>{words.say('factorText')}</p>
      {act.mistake === undefined ? null : <Callout kind="danger">{act.mistake.text}</Callout>}
      <ul class="services">
        <Choice
          icon="mobile"
          title={words.say('app')}
          text={words.say('appText')}
          onPress={() =>
            void act.run(async () => {
              const { secret, url } = await ofFactors(client.post('users.enableTotp'));
              const { svg } = await ofFactors(client.get('users.totpQrCode'));
              setWaiting({ secret, url, svg });
            })
          }
        />
        {canUsePasskeys() ? (
          <Choice
            icon="fingerprint"
            title={words.say('passkey')}
            text={words.say('passkeyText')}
            onPress={() => setNaming(true)}
          />
        ) : null}
        {address === undefined ? null : (
          <Choice
            icon="mail"
            title={words.say('email')}
            text={words.say('emailText', { address })}
            onPress={() =>
              void act.run(async () => {
                await ofFactors(client.post('users.2fa.enableEmail'));
                await onDone();
              })
            }
          />
        )}
      </ul>
      <p class="quiet">{words.say('none')}</p>
      {waiting === undefined ? null : (
        <AppSetUp
          {...waiting}
          onClose={() => setWaiting(undefined)}
          onCode={async (code) => {
            const made = await ofFactors(client.post('users.validateTotp', { code }));
            setWaiting(undefined);
            setCodes(made.codes);
          }}
        />
      )}
      {isNaming ? (
        <AddPasskey
          onClose={() => setNaming(false)}
          onAdded={async (made) => {
            if (made === undefined) await onDone();
            else setCodes(made);
          }}
        />
      ) : null}
    </>
  );
}

function Choice({
  icon,
  title,
  text,
  onPress,
}: {
  readonly icon: IconName;
  readonly title: string;
  readonly text: string;
  readonly onPress: () => void;
}) {
  return (
    <li>
      <button type="button" class="choice" onClick={onPress}>
        <Icon name={icon} />
        <span class="choice__text">
          <strong>{title}</strong>
          <span class="quiet">{text}</span>
        </span>
      </button>
    </li>
  );
}
