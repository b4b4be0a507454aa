import '../style/profile.css';
import '../style/settings.css';
import './setup.css';
import { useEffect, useState } from 'preact/hooks';
import { pageAt } from '../address.ts';
import { Button } from '../parts/button.tsx';
import { Callout } from '../parts/callout.tsx';
import { Icon } from '../parts/icon.tsx';
import { Shown } from '../parts/states.tsx';
import { Title } from '../parts/title.tsx';
import { useAct } from '../parts/use-act.ts';
import { type Desk, useDesk } from '../settings/desk.ts';
import { Leaving } from '../settings/leaving.tsx';
import { menu } from '../words/menu.ts';
import { setup as words } from '../words/setup.ts';
import { markSetupSeen } from './lead.ts';
import { Address } from './steps/address.tsx';
import { Administrator } from './steps/administrator.tsx';
import { FirstClient } from './steps/first-client.tsx';
import { MailServer } from './steps/mail-server.tsx';

const steps = ['administrator', 'address', 'mail', 'client'] as const;

/** The first steps of a fresh server, one after another; each can be skipped. */
export default function Setup() {
  const desk = useDesk();
  const [at, setAt] = useState(0);
  const [isDone, setDone] = useState(false);
  useEffect(markSetupSeen, []);
  if (isDone) return <Done />;
  const go = (to: number): void => {
    desk.forgetAll();
    setAt(to);
  };
  return (
    <>
      <Title>{menu.say('setup')}</Title>
      <p class="panel__about">{words.say('welcome')}</p>
      <Progress at={at} onGo={go} />
      <Shown of={desk.loaded} lines={8}>
        {() => <Step key={at} at={at} desk={desk} onNext={() => go(at + 1)} />}
      </Shown>
      <Foot desk={desk} at={at} onGo={go} onDone={() => setDone(true)} />
      <Leaving isDirty={desk.changed.length > 0} />
    </>
  );
}

function Progress({ at, onGo }: { readonly at: number; readonly onGo: (to: number) => void }) {
  return (
    <nav aria-label={words.say('steps')}>
      <ol class="wizard">
        {steps.map((name, number) => (
          <li key={name} class={number < at ? 'wizard__step wizard__step--past' : 'wizard__step'}>
            <button
              type="button"
              class="wizard__button"
              {...(number === at ? { 'aria-current': 'step' as const } : {})}
              onClick={() => onGo(number)}
            >
              <span class="wizard__number" aria-hidden="true">
                {number < at ? <Icon name="check" /> : number + 1}
              </span>
              {words.say(name)}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}

function Step({ at, desk, onNext }: { readonly at: number; readonly desk: Desk; readonly onNext: () => void }) {
  const name = steps[at] ?? 'administrator';
  switch (name) {
    case 'administrator':
      return <Administrator />;
    case 'address':
      return <Address desk={desk} onNext={onNext} />;
    case 'mail':
      return <MailServer desk={desk} />;
    case 'client':
      return <FirstClient />;
  }
}

function Foot({
  desk,
  at,
  onGo,
  onDone,
}: {
  readonly desk: Desk;
  readonly at: number;
  readonly onGo: (to: number) => void;
  readonly onDone: () => void;
}) {
  const act = useAct();
  const isLast = at === steps.length - 1;
  return (
    <>
      {act.mistake === undefined ? null : <Callout kind="danger">{act.mistake.text}</Callout>}
      <div class="wizard__foot">
        <a class="wizard__later" href={pageAt('/account')}>
          {words.say('later')}
        </a>
        <div class="buttons">
          {at === 0 ? null : <Button onClick={() => onGo(at - 1)}>{words.say('back')}</Button>}
          {isLast ? (
            <Button
              kind="primary"
              busy={act.isBusy}
              onClick={() =>
                void act.run(async () => {
                  await desk.save({ Countersign_Setup_Done: true });
                  onDone();
                })
              }
            >
              {words.say('finish')}
            </Button>
          ) : (
            <Button kind={at === 1 ? 'secondary' : 'primary'} onClick={() => onGo(at + 1)}>
              {words.say(at === 1 || desk.changed.length > 0 ? 'skip' : 'next')}
            </Button>
          )}
        </div>
      </div>
    </>
  );
}

function Done() {
  return (
    <>
      <Title>{words.say('doneTitle')}</Title>
      <Callout kind="success">
        <p>{words.say('doneText')}</p>
        <p>
          <a href={pageAt('/admin')}>{words.say('toAdministration')}</a>
        </p>
      </Callout>
    </>
  );
}
