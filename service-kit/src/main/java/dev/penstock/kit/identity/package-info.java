/** Who this machine is to the services it calls, and who may call it: identity tokens. */
package dev.penstock.kit.identity;
