/** The spans of what model servers are asked, under the GenAI names of OpenTelemetry. */
package dev.penstock.proxy.trace;
