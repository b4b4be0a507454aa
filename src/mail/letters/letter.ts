import type { MailBody } from '../../core/outbox.ts';

/** What a mail says, before it has a form. Everything is plain text: the forms escape it. */
export interface Letter {
  readonly subject: string;
  readonly paragraphs: readonly string[];
  /** Shown alone and large, after the first paragraph. */
  readonly code?: string;
  /** An address of this server, shown alone after the first paragraph. */
  readonly link?: string;
}

/** The server that a mail comes from. */
export interface Site {
  readonly name: string;
  readonly url: string;
}

/** A letter as text and as HTML; below it stands which server it comes from. */
export function bodyOf(letter: Letter, site: Site, language: string): MailBody {
  return { text: textOf(letter, site), html: htmlOf(letter, site, language) };
}

function textOf({ paragraphs, code, link }: Letter, { name, url }: Site): string {
  const [first = '', ...others] = paragraphs;
  const shown = [code, link].filter((one) => one !== undefined).map((one) => `    ${one}`);
  const parts = [first, ...shown, ...others, `-- \n${name}\n${url}`];
  return `${parts.join('\n\n')}\n`;
}

function htmlOf({ subject, paragraphs, code, link }: Letter, { name, url }: Site, language: string): string {
  const [first = '', ...others] = paragraphs;
  const paragraph = (text: string): string => `<p style="margin:0 0 16px">${escaped(text)}</p>`;
  const codeBox =
    code === undefined
      ? ''
      : `<p style="margin:0 0 16px;font:bold 28px/1.5 monospace;letter-spacing:2px">${escaped(code)}</p>`;
  // Nothing else becomes a link: the setting is free text.
  const anchor = (target: string): string =>
    /^https?:\/\//iu.test(target) ? `<a href="${escaped(target)}">${escaped(target)}</a>` : escaped(target);
  const linkLine = link === undefined ? '' : `<p style="margin:0 0 16px;word-break:break-all">${anchor(link)}</p>`;
  return `<!doctype html>
<html lang="${escaped(language)}">
<head><meta charset="utf-8"><title>${escaped(subject)}</title></head>
<body style="margin:0;padding:24px;font:16px/1.5 sans-serif;color:#1f2329;background:#ffffff">
<div style="max-width:560px;margin:0 auto">
${[paragraph(first), codeBox, linkLine, ...others.map(paragraph)].filter((part) => part !== '').join('\n')}
<p style="margin:24px 0 0;padding-top:16px;border-top:1px solid #cbced1;color:#6c727a;font-size:14px">${escaped(name)}<br>${anchor(url)}</p>
</div>
</body>
</html>
`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/gu, (character) => entities[character] ?? '');
}
