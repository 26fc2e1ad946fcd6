/**
 * How we talk to Gemini, behind its own API and behind Vertex alike: requests, the chunks of its
 * answers, its errors, and the edges that carry them.
 */
package dev.penstock.proxy.gemini;
