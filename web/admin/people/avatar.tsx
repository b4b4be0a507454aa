import { pageAt } from '../../address.ts';

/** The picture of somebody, whose name stands beside it. */
export function Avatar({ username = '', size }: { readonly username?: string | undefined; readonly size: 32 | 64 }) {
  return (
    <img
      src={pageAt(`/avatar/${encodeURIComponent(username)}`)}
      alt=""
      width={size}
      height={size}
      class="avatar"
      loading="lazy"
      decoding="async"
    />
  );
}
