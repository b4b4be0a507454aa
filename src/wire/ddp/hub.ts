import type { App } from '../../app.ts';
import type { Random } from '../../core/ports.ts';
import type { Log } from '../../core/setting/kept.ts';
import type { Afterwards } from '../shapes/afterwards.ts';
import type { Limits } from './limits.ts';
import type { AnyMethod } from './method.ts';
import type { People } from './people.ts';
import type { LoginServices, Publication } from './publication.ts';
import type { Rates } from './rates.ts';
import type { Revocation } from './revocation.ts';
import type { Timers } from './timers.ts';
import type { Topics } from './topics.ts';
import type { Wheel } from './wheel.ts';

/** What all connections share. */
export interface Hub {
  readonly app: App;
  readonly random: Pick<Random, 'id'>;
  readonly log: Log;
  readonly timers: Timers;
  readonly limits: Limits;
  readonly rates: Rates;
  readonly people: People;
  readonly topics: Topics;
  readonly wheel: Wheel;
  readonly afterwards: Afterwards;
  readonly revocation: Revocation;
  readonly loginServices: LoginServices;
  readonly methods: ReadonlyMap<string, AnyMethod>;
  readonly publications: ReadonlyMap<string, Publication>;
}
