// The types of playwright-core name what only browsers have. Nothing here runs in one: these tests hand over text.
declare global {
  interface Node {}
  interface HTMLElement extends Node {}
  interface SVGElement extends Node {}
  interface HTMLElementTagNameMap {}
}

export {};
