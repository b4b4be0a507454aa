import { client } from '../../client.ts';
import { momentText } from '../../language.ts';
import { announce } from '../../parts/announce.tsx';
import { Button } from '../../parts/button.tsx';
import { Callout } from '../../parts/callout.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Shown } from '../../parts/states.tsx';
import { Table } from '../../parts/table.tsx';
import { useAct } from '../../parts/use-act.ts';
import { useLoaded } from '../../parts/use-loaded.ts';
import { deviceText } from '../../ways.ts';
import { security as words } from '../../words/security.ts';
import { ways } from '../../words/ways.ts';

/** The clients that are not asked for a second factor for some minutes; that can be ended at once, so it is not asked. */
export function TrustedPanel() {
  const listed = useLoaded(async () => (await client.get('users.trustedClients')).clients);
  const act = useAct();
  const forget = (id?: string): void => {
    void act.run(async () => {
      await client.post('users.forgetTrustedClients', id === undefined ? {} : { id });
      announce(words.say('trustedForgotten'));
      listed.reload();
    });
  };
  return (
    <Panel
      title={words.say('trustedTitle')}
      about={words.say('trustedAbout')}
      actions={
        (listed.value?.length ?? 0) > 1 ? (
          <Button busy={act.isBusy} onClick={() => forget()}>
            {words.say('trustedForgetAll')}
          </Button>
        ) : undefined
      }
    >
      {act.mistake === undefined ? null : <Callout kind="danger">{act.mistake.text}</Callout>}
      <Shown of={listed} lines={2}>
        {(clients) =>
          clients.length === 0 ? (
            <p class="quiet">{words.say('trustedEmpty')}</p>
          ) : (
            <Table
              label={words.say('trustedTitle')}
              rows={clients}
              keyOf={({ id }) => id}
              columns={[
                { key: 'device', head: ways.say('device'), cell: ({ device }) => deviceText(device) },
                { key: 'address', head: words.say('address'), cell: ({ address }) => <bdi dir="ltr">{address}</bdi> },
                { key: 'until', head: words.say('trustedUntil'), cell: ({ until }) => momentText(until) },
                {
                  key: 'act',
                  head: words.say('act'),
                  atEnd: true,
                  cell: ({ id, device }) => (
                    <Button
                      small
                      aria-label={words.say('trustedForgetLabel', { device: deviceText(device) })}
                      onClick={() => forget(id)}
                    >
                      {words.say('trustedForget')}
                    </Button>
                  ),
                },
              ]}
            />
          )
        }
      </Shown>
    </Panel>
  );
}
