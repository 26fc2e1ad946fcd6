/**
 * What Ollama's clients can tell of the language it is written in. Knows no Ollama and no Vert.x.
 */
package dev.penstock.gojson;
