/**
 * The services as the console asks them, in the name of who is there: an interface each, with the
 * few members of the answers that pages show.
 */
package io.vigie.console.service;
