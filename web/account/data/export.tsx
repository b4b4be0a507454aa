import { announce } from '../../parts/announce.tsx';
import { Button } from '../../parts/button.tsx';
import { Callout } from '../../parts/callout.tsx';
import { Panel } from '../../parts/panel.tsx';
import { useAct } from '../../parts/use-act.ts';
import { usePerson } from '../../person.ts';
import { data as words } from '../../words/data.ts';
import { allOfMe } from './all-of-me.ts';

/** Puts all that the server tells of oneself into one file, which is made in the browser. */
export function Export() {
  const { me } = usePerson();
  const act = useAct();
  return (
    <Panel title={words.say('export')} about={words.say('exportAbout')}>
      <p>{words.say('exportWithout')}</p>
      {act.mistake === undefined ? null : <Callout kind="danger">{act.mistake.text}</Callout>}
      <div class="buttons">
        <Button
          kind="primary"
          icon="download"
          busy={act.isBusy}
          onClick={() =>
            void act.run(async () => {
              const text = JSON.stringify(await allOfMe(), undefined, 2);
              save(`account-${(me.username ?? me._id).replaceAll(/[^\w.-]/gu, '_')}.json`, text);
              announce(words.say('exported'));
            })
          }
        >
          {words.say('exportDo')}
        </Button>
      </div>
    </Panel>
  );
}

/** Hands a file to the browser. */
function save(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // A browser that asks where to put it has read it by then.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
