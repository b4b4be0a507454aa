/** An answer whose JSON is ready, for what is asked more often than it changes. */
export class Ready {
  readonly text: string;
  /** In bytes. */
  readonly length: number;
  /** Text without accents is sent in fewer steps. */
  readonly encoding: 'latin1' | 'utf8';

  constructor(text: string) {
    this.text = text;
    this.length = Buffer.byteLength(text);
    this.encoding = this.length === text.length ? 'latin1' : 'utf8';
  }
}
