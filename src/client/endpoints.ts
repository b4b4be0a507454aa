import type { Nothing } from './account-items.ts';
import type { GetEndpoints, Query } from './get-endpoints.ts';
import type { PostEndpoints } from './post-endpoints.ts';

/** A path below `/api/v1/`: one of the map, or any other text. */
export type PathOf<Map> = keyof Map | (string & Record<never, never>);

type Given<Input> = undefined extends Input ? [input?: Input] : [input: Input];

/** What `get` takes after the path. */
export type GetInput<P> = P extends keyof GetEndpoints ? Given<GetEndpoints[P]['query']> : [query?: Query];

/** What `get` answers. */
export type GetAnswer<P> = P extends keyof GetEndpoints ? GetEndpoints[P]['answer'] : Nothing;

/** What `post` takes after the path. */
export type PostInput<P> = P extends keyof PostEndpoints ? Given<PostEndpoints[P]['body']> : [body?: unknown];

/** What `post` answers. */
export type PostAnswer<P> = P extends keyof PostEndpoints ? PostEndpoints[P]['answer'] : Nothing;
