/** Server-sent events as pure codecs: a writer for what we send, a reader as WHATWG specifies. */
package dev.penstock.contracts.sse;
