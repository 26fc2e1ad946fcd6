/**
 * One HTTP exchange with a model server, whatever it speaks: the request, the streamed answer or
 * document, its errors. Protocols bring their codecs and know this package, never each other.
 */
package dev.penstock.proxy.exchange;
