// The types of @node-saml/node-saml name what browsers have. What it hands us of it, we only hand back.
declare global {
  interface Node {}
  interface Attr extends Node {}
  interface Element extends Node {}
  interface Document extends Node {
    readonly documentElement: Element;
  }
}

export {};
