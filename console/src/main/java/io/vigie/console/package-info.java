/**
 * Where people work: pages made on the server, of what the services answer to who is there.
 *
 * <p>{@code page} is what every page has, {@code service} what is asked of the services; each of
 * the others is a matter of its own.
 */
package io.vigie.console;
