/** Who calls: the tenant and the person a request acts for. */
package dev.penstock.gateway.caller;
