import './dashboard.css';
import type { StatisticsOverview } from '../../src/client/index.ts';
import { client } from '../client.ts';
import { numberText } from '../language.ts';
import { Failed } from '../parts/states.tsx';
import { Title } from '../parts/title.tsx';
import { useEvery } from '../parts/use-every.ts';
import { useLoaded } from '../parts/use-loaded.ts';
import { dashboard as words } from '../words/dashboard.ts';
import { menu } from '../words/menu.ts';
import { Health } from './health.tsx';
import { AdminLink } from './link.tsx';
import { SignIns } from './sign-ins.tsx';

/** So often it is asked again while somebody looks at it. */
const everyMs = 30_000;

/** How the installation stands. */
export default function Dashboard() {
  const { value, failure, reload } = useLoaded(async () => await client.get('statistics.overview'));
  useEvery(everyMs, reload);
  // What could not be fetched is not on its way.
  const isAwaited = value !== undefined || failure === undefined;
  return (
    <>
      <Title>{menu.say('dashboard')}</Title>
      {failure === undefined ? null : <Failed text={failure} onRetry={reload} />}
      {isAwaited ? <Figures told={value} /> : null}
      <SignIns everyMs={everyMs} />
      {isAwaited ? <Health told={value} /> : null}
    </>
  );
}

/** The numbers at the top; grey until they are there, and as large. */
function Figures({ told }: { readonly told: StatisticsOverview | undefined }) {
  const { accounts, sessions, personalTokens, sockets, blocks } = told ?? {};
  return (
    <ul class="figures" aria-label={words.say('figures')}>
      <Figure label={words.say('accounts')} value={accounts?.total} to="users">
        {accounts === undefined ? '' : words.say('accountsAbout', { open: accounts.open, closed: accounts.closed })}
      </Figure>
      <Figure label={words.say('waiting')} value={accounts?.waiting} to="users">
        {words.say('waitingAbout')}
      </Figure>
      <Figure label={words.say('sessions')} value={sessions}>
        {personalTokens === undefined ? '' : words.say('sessionsAbout', { count: personalTokens })}
      </Figure>
      <Figure label={words.say('sockets')} value={sockets}>
        {words.say('socketsAbout')}
      </Figure>
      <Figure label={words.say('blocks')} value={blocks} to="blocks">
        {words.say('blocksAbout')}
      </Figure>
    </ul>
  );
}

function Figure({
  label,
  value,
  to,
  children,
}: {
  readonly label: string;
  readonly value: number | undefined;
  /** The section that tells more. */
  readonly to?: string;
  readonly children: string;
}) {
  return (
    <li class="figure">
      <span class="figure__label">{to === undefined ? label : <AdminLink to={to}>{label}</AdminLink>}</span>
      <strong class="figure__value">
        {value === undefined ? <span class="rcx-skeleton rcx-skeleton--text figure__grey" /> : numberText(value)}
      </strong>
      <span class="figure__about">{children}</span>
    </li>
  );
}
