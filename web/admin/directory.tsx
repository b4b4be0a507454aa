import '../style/settings.css';
import { useState } from 'preact/hooks';
import { client } from '../client.ts';
import { Button } from '../parts/button.tsx';
import { Callout } from '../parts/callout.tsx';
import { Panel } from '../parts/panel.tsx';
import { Shown } from '../parts/states.tsx';
import { Tag } from '../parts/tag.tsx';
import { Title } from '../parts/title.tsx';
import { useAct } from '../parts/use-act.ts';
import { usePerson } from '../person.ts';
import { type SettingMap, useDesk } from '../settings/desk.ts';
import { SettingsForm } from '../settings/form.tsx';
import { Leaving } from '../settings/leaving.tsx';
import { Setting } from '../settings/setting.tsx';
import { directory as words } from '../words/directory.ts';
import { menu } from '../words/menu.ts';
import { partsOf } from './directory/parts.ts';
import { Sync } from './directory/sync.tsx';
import { TestPerson } from './directory/test-person.tsx';

/** The parts that are open until it is switched on: without them nobody is found. */
const first: ReadonlySet<string> = new Set(['server', 'search']);

/** People of a directory: its settings in the order in which one fills them in, tests, and runs over all of it. */
export default function Directory() {
  const desk = useDesk();
  const { may } = usePerson();
  const isOn = desk.find('LDAP_Enable')?.value === true;
  const isDirty = desk.changed.length > 0;
  const isActive = (desk.draft('LDAP_Server_Type') ?? desk.find('LDAP_Server_Type')?.value) === 'ad';
  return (
    <>
      <header class="headline">
        <Title>{menu.say('directory')}</Title>
        {desk.loaded.value === undefined ? null : (
          <Tag kind={isOn ? 'primary' : 'secondary'}>{words.say(isOn ? 'isOn' : 'isOff')}</Tag>
        )}
      </header>
      <p class="quiet">{words.say('about')}</p>
      <Shown of={desk.loaded} lines={10}>
        {(all) => (
          <>
            <SettingsForm desk={desk} label={menu.say('directory')} shown={new Set(all.keys())}>
              {(wrong) => (
                <>
                  {partsOf([...all.values()], isActive).map(({ key, title, about, main, more }) => (
                    <details
                      key={key}
                      class="panel"
                      open={(!isOn && first.has(key)) || [...main, ...more].some((id) => id === wrong)}
                    >
                      <summary>{title}</summary>
                      <div class="settings">
                        <p class="panel__about">{about}</p>
                        <Fields desk={desk} ids={main} />
                        {more.length === 0 ? null : (
                          <details class="more-settings" open={more.some((id) => id === wrong)}>
                            <summary>{words.say('more')}</summary>
                            <div class="settings">
                              <Fields desk={desk} ids={more} />
                            </div>
                          </details>
                        )}
                      </div>
                    </details>
                  ))}
                  <Panel title={words.say('switch')}>
                    <Setting desk={desk} id="LDAP_Enable" label={words.say('isOn')} />
                  </Panel>
                </>
              )}
            </SettingsForm>
            {isOn ? (
              <>
                {may('test-admin-options') ? (
                  <>
                    <TestConnection isDirty={isDirty} all={all} />
                    <TestPerson />
                  </>
                ) : null}
                {may('sync-auth-services-users') ? <Sync /> : null}
              </>
            ) : (
              <Callout>{words.say('offFirst')}</Callout>
            )}
          </>
        )}
      </Shown>
      <Leaving isDirty={isDirty} />
    </>
  );
}

function Fields({
  desk,
  ids,
}: {
  readonly desk: Parameters<typeof Setting>[0]['desk'];
  readonly ids: readonly string[];
}) {
  return (
    <>
      {ids.map((id) => (
        <Setting key={id} desk={desk} id={id} />
      ))}
    </>
  );
}

/** @param all what is saved: another one makes the result an old one */
function TestConnection({ isDirty, all }: { readonly isDirty: boolean; readonly all: SettingMap }) {
  const act = useAct();
  const [held, setHeld] = useState<SettingMap | undefined>(undefined);
  return (
    <Panel title={words.say('connection')} about={words.say('connectionAbout')}>
      <div class="buttons">
        <Button
          icon="play"
          busy={act.isBusy}
          disabled={isDirty}
          onClick={() =>
            void act.run(async () => {
              setHeld(undefined);
              await client.post('ldap.testConnection');
              setHeld(all);
            })
          }
        >
          {words.say('testNow')}
        </Button>
      </div>
      {act.mistake === undefined ? null : <Callout kind="danger">{act.mistake.text}</Callout>}
      {held === all ? <Callout kind="success">{words.say('connected')}</Callout> : null}
    </Panel>
  );
}
