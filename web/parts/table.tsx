import type { ComponentChildren } from 'preact';

interface Column<Row> {
  readonly key: string;
  readonly head: string;
  readonly cell: (row: Row) => ComponentChildren;
  /** Numbers stand at the end of their cell. */
  readonly atEnd?: boolean;
}

/** A table; on a narrow screen each row becomes a card whose lines carry the heads of their columns. */
export function Table<Row>({
  label,
  columns,
  rows,
  keyOf,
}: {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
}) {
  return (
    <div class="table">
      <table class="rcx-table" aria-label={label}>
        <thead class="rcx-table__head">
          <tr class="rcx-table__row">
            {columns.map(({ key, head, atEnd }) => (
              <th key={key} scope="col" class={cellClass('rcx-table__cell rcx-table__cell--header', atEnd)}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody class="rcx-table__body">
          {rows.map((row) => (
            <tr key={keyOf(row)} class="rcx-table__row">
              {columns.map(({ key, head, cell, atEnd }) => (
                <td key={key} data-head={head} class={cellClass('rcx-table__cell', atEnd)}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function cellClass(of: string, atEnd = false): string {
  return atEnd ? `${of} rcx-table__cell--align-end` : of;
}
