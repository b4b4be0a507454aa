import { facts } from '../../facts.ts';
import { Button } from '../../parts/button.tsx';
import { Callout } from '../../parts/callout.tsx';
import { Form } from '../../parts/form.tsx';
import { Panel } from '../../parts/panel.tsx';
import type { Desk } from '../../settings/desk.ts';
import { Setting } from '../../settings/setting.tsx';
import { setup as words } from '../../words/setup.ts';

const local = /^(?:localhost|127\.0\.0\.1|\[::1\])$/u;

/** The address by which people come, beside the one that the browser shows, and the name of the site. */
export function Address({ desk, onNext }: { readonly desk: Desk; readonly onNext: () => void }) {
  const here = `${location.origin}${facts.base}`;
  const setting = desk.find('Site_Url');
  const given = String(desk.draft('Site_Url') ?? setting?.value ?? '').replace(/\/+$/u, '');
  const isHeld = setting === undefined || setting.fixed || setting.overridden;
  const isPlain = given.startsWith('http://') && !local.test(URL.parse(given)?.hostname ?? '');
  return (
    <Panel title={words.say('address')} about={words.say('addressText')}>
      <Form
        label={words.say('address')}
        onSubmit={async () => {
          await desk.save();
          onNext();
        }}
      >
        {(act) => (
          <>
            <Setting desk={desk} id="Site_Url" label={words.say('siteUrl')} hint={words.say('siteUrlHint')} />
            {given === here ? (
              <p class="quiet">{words.say('sameAddress')}</p>
            ) : (
              <Callout kind="warning">
                <p>{words.say('otherAddress', { here: `\u2066${here}\u2069` })}</p>
                {isHeld ? null : (
                  <Button small onClick={() => desk.put('Site_Url', here)}>
                    {words.say('takeAddress')}
                  </Button>
                )}
              </Callout>
            )}
            {isPlain ? <Callout kind="warning">{words.say('plainHttp')}</Callout> : null}
            <Setting desk={desk} id="Site_Name" label={words.say('siteName')} hint={words.say('siteNameHint')} />
            <div class="buttons">
              <Button type="submit" kind="primary" busy={act.isBusy}>
                {words.say(desk.changed.length === 0 ? 'next' : 'saveNext')}
              </Button>
            </div>
          </>
        )}
      </Form>
    </Panel>
  );
}
