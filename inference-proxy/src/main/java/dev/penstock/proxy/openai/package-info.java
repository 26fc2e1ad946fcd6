/**
 * How we talk to servers of OpenAI's chat completions (vLLM, llama-server, TGI and their like):
 * requests, the chunks of their answers, their errors, and the edges that carry them.
 */
package dev.penstock.proxy.openai;
