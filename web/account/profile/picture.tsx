import { useEffect, useRef, useState } from 'preact/hooks';
import { ClientError } from '../../../src/client/index.ts';
import { client } from '../../client.ts';
import { FieldMistake } from '../../explain.ts';
import { announce } from '../../parts/announce.tsx';
import { Button } from '../../parts/button.tsx';
import { Confirm } from '../../parts/dialog.tsx';
import { Form } from '../../parts/form.tsx';
import { Panel } from '../../parts/panel.tsx';
import { pictureOf, usePerson } from '../../person.ts';
import type { PublicSettings } from '../../public-settings.ts';
import { profile as words } from '../../words/profile.ts';
import { shared } from '../../words/shared.ts';
import { dataAddressOf, fitted } from './fit-picture.ts';

/** The picture: another one is seen before it is kept, and the drawn one can be had back. */
export function Picture({ settings }: { readonly settings: PublicSettings }) {
  const { me, may, refresh } = usePerson();
  const [chosen, choose] = useState<File | undefined>(undefined);
  const [asksForReset, askForReset] = useState(false);
  const shown = useAddress(chosen);
  const input = useRef<HTMLInputElement>(null);
  const mayChange = settings['Accounts_AllowUserAvatarChange'] === true || may('edit-other-user-avatar');
  return (
    <Panel title={words.say('picture')} about={words.say(mayChange ? 'pictureAbout' : 'pictureFixed')}>
      <div class="picture">
        <img
          src={shown ?? pictureOf(me)}
          alt={words.say(chosen === undefined ? 'pictureAlt' : 'pictureNewAlt')}
          width="96"
          height="96"
          class="avatar picture__now"
        />
        {mayChange ? (
          <Form
            label={words.say('picture')}
            onSubmit={async () => {
              if (chosen === undefined) return;
              await save(chosen, settings);
              choose(undefined);
              await refresh();
              announce(shared.say('saved'));
            }}
          >
            {(act) => (
              <>
                <input
                  ref={input}
                  type="file"
                  hidden
                  accept="image/png,image/jpeg,image/gif,image/webp"
                  onChange={({ currentTarget }) => {
                    act.forget();
                    choose(currentTarget.files?.[0]);
                    // The same file can be chosen again.
                    currentTarget.value = '';
                  }}
                />
                <div class="buttons">
                  <Button icon="upload" onClick={() => input.current?.click()}>
                    {words.say('pictureChoose')}
                  </Button>
                  {chosen === undefined ? null : (
                    <>
                      <Button type="submit" kind="primary" busy={act.isBusy}>
                        {words.say('pictureSave')}
                      </Button>
                      <Button
                        onClick={() => {
                          act.forget();
                          choose(undefined);
                        }}
                      >
                        {shared.say('cancel')}
                      </Button>
                    </>
                  )}
                  {chosen === undefined && me.avatarETag !== undefined ? (
                    <Button onClick={() => askForReset(true)}>{words.say('pictureReset')}</Button>
                  ) : null}
                </div>
                <p role="status" class="quiet">
                  {chosen === undefined ? '' : words.say('pictureChosen', { file: chosen.name })}
                </p>
              </>
            )}
          </Form>
        ) : null}
      </div>
      {asksForReset ? (
        <Confirm
          title={words.say('pictureReset')}
          doIt={words.say('pictureResetDo')}
          onClose={() => askForReset(false)}
          onConfirm={async () => {
            await client.post('users.resetAvatar', {});
            await refresh();
            announce(shared.say('saved'));
          }}
        >
          <p>{words.say('pictureResetAbout')}</p>
        </Confirm>
      ) : null}
    </Panel>
  );
}

async function save(file: File, settings: PublicSettings): Promise<void> {
  const bounds = {
    bytes: Number(settings['Countersign_Avatar_Bytes'] ?? 0),
    side: Number(settings['Countersign_Avatar_Side'] ?? 0),
  };
  const picture = await fitted(file, bounds);
  if (picture === undefined) throw new FieldMistake('', words.say('pictureNone'));
  try {
    await client.post('users.setAvatar', { avatarUrl: await dataAddressOf(picture) });
  } catch (cause) {
    if (cause instanceof ClientError && (cause.code === 'error-avatar-invalid' || cause.status === 413)) {
      throw new FieldMistake('', words.say('pictureNone'));
    }
    throw cause;
  }
}

/** An address for a file as long as it is shown. */
function useAddress(file: File | undefined): string | undefined {
  const [address, setAddress] = useState<string | undefined>(undefined);
  useEffect(() => {
    if (file === undefined) {
      setAddress(undefined);
      return undefined;
    }
    const made = URL.createObjectURL(file);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  return address;
}
