/** What was asked with each key on each day: counted by gateways, kept and told here. */
package dev.penstock.session.keyuse;
