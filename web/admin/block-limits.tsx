import { numberText } from '../language.ts';
import { Callout } from '../parts/callout.tsx';
import { Panel } from '../parts/panel.tsx';
import { Shown } from '../parts/states.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { usePerson } from '../person.ts';
import { blocks as words } from '../words/blocks.ts';
import { AdminLink } from './link.tsx';
import { settingValues } from './setting-values.ts';

const prefix = 'Block_Multiple_Failed_Logins_';
const exempt = `${prefix}Ip_Whitelist`;

/** Settings that make one line: what switches it on, how many failures, in how many minutes. */
const limits = [
  {
    name: 'limitAccounts',
    on: `${prefix}By_User`,
    count: `${prefix}Attempts_Until_Block_by_User`,
    minutes: `${prefix}Time_To_Unblock_By_User_In_Minutes`,
  },
  {
    name: 'limitAddresses',
    on: `${prefix}By_Ip`,
    count: `${prefix}Attempts_Until_Block_By_Ip`,
    minutes: `${prefix}Time_To_Unblock_By_Ip_In_Minutes`,
  },
] as const;

const switchedOn = `${prefix}Enabled`;
const mailed = 'Countersign_Notify_Owner_Of_Blocks';
const asked = [switchedOn, mailed, exempt, ...limits.flatMap(({ on, count, minutes }) => [on, count, minutes])];

/** The limits as they are set, with the way to their settings; for whoever may see settings. */
export function BlockLimits() {
  const { may } = usePerson();
  if (!may('view-privileged-setting')) return null;
  return <Limits />;
}

function Limits() {
  const loaded = useLoaded(async () => await settingValues(asked));
  return (
    <Panel title={words.say('limits')} about={words.say('limitsAbout')}>
      <Shown of={loaded} lines={4}>
        {(values) => (
          <>
            {values.get(switchedOn) === false ? <Callout kind="warning">{words.say('switchedOff')}</Callout> : null}
            <dl class="limits">
              {limits.map(({ name, on, count, minutes }) => (
                <div key={name} class="limits__one">
                  <dt>{words.say(name)}</dt>
                  <dd>
                    {values.get(on) === true
                      ? words.say('limitIs', {
                          failures: words.say('limitFailures', { count: Number(values.get(count)) }),
                          minutes: words.say('limitMinutes', { count: Number(values.get(minutes)) }),
                        })
                      : words.say('limitOff')}
                    <span class="limits__ways">
                      <Setting id={on} name={words.say('setOn')} />
                      <Setting id={count} name={words.say('setCount')} />
                      <Setting id={minutes} name={words.say('setMinutes')} />
                    </span>
                  </dd>
                </div>
              ))}
              <div class="limits__one">
                <dt>{words.say('mailed')}</dt>
                <dd>
                  {words.say(values.get(mailed) === true ? 'mailedYes' : 'mailedNo')}
                  <span class="limits__ways">
                    <Setting id={mailed} name={words.say('setMailed')} />
                  </span>
                </dd>
              </div>
              <div class="limits__one">
                <dt>{words.say('exempt')}</dt>
                <dd>
                  <Exempt list={values.get(exempt)} />
                  <span class="limits__ways">
                    <Setting id={exempt} name={words.say('setExempt')} />
                  </span>
                </dd>
              </div>
            </dl>
          </>
        )}
      </Shown>
    </Panel>
  );
}

function Setting({ id, name }: { readonly id: string; readonly name: string }) {
  return (
    <AdminLink to="settings" id={id}>
      {name}
    </AdminLink>
  );
}

/** Addresses and networks that are never blocked. */
function Exempt({ list }: { readonly list: unknown }) {
  const all = (typeof list === 'string' ? list : '')
    .split(/[\s,]+/u)
    .map((one) => one.trim())
    .filter((one) => one !== '');
  if (all.length === 0) return <>{words.say('exemptNone')}</>;
  return (
    <>
      <p>{words.say('exemptAbout', { count: numberText(all.length) })}</p>
      <ul class="limits__list">
        {all.map((one) => (
          <li key={one}>
            <bdi dir="ltr">{one}</bdi>
          </li>
        ))}
      </ul>
    </>
  );
}
