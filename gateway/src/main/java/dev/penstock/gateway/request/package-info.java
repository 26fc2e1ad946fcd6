/** What clients send, checked: closed objects, exact ranges, storable text. */
package dev.penstock.gateway.request;
