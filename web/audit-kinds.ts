/**
 * The kinds of entries that the guide to the audit trail lists, in its order. Where the first part of one is put in, the
 * guide names what for: `*-link.make` becomes each of them.
 * @param guide the text of docs/guides/audit.md
 */
export function auditKindsIn(guide: string): readonly string[] {
  const [, table = ''] = guide.split('\n## Kinds\n');
  return [...table.matchAll(/^\| `([a-z*.-]+)` \|([^|]*)\|/gmu)]
    .filter(([, kind]) => kind !== 'what')
    .flatMap(([, kind = '', about = '']) =>
      kind.startsWith('*')
        ? [...about.matchAll(/`([a-z-]+)`/gu)].map(([, part = '']) => kind.replace('*', part))
        : [kind],
    );
}
